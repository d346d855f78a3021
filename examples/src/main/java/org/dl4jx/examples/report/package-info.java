/** Pages that show results. */
package org.dl4jx.examples.report;
