package org.dl4jx.workbench.report;

import java.io.IOException;

/** A report that is being written, in any format. */
public interface Page {
  /**
   * Adds a notice that readers must not overlook.
   *
   * @param text one paragraph
   * @return this page
   */
  Page notice(String text);

  /**
   * Adds text.
   *
   * @param text one paragraph
   * @return this page
   */
  Page paragraph(String text);

  /**
   * Starts a section.
   *
   * @param title of the section
   * @return this page
   */
  Page section(String title);

  /**
   * Adds a table.
   *
   * @param table the table
   * @return this page
   */
  Page table(Table table);

  /**
   * Adds a chart.
   *
   * @param chart the chart
   * @return this page
   * @throws IOException if it cannot be drawn
   */
  Page chart(Chart chart) throws IOException;
}
