/** Reports: statistics, tables, charts and sentences, and the pages that show them. */
package org.dl4jx.workbench.report;
