/** What came out: statistics, tables, charts, and the pages that hold them. */
package org.dl4jx.workbench.report;
