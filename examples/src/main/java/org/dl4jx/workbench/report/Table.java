package org.dl4jx.workbench.report;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A table whose first columns are text, and the others numbers. */
public final class Table {
  /** The rule below the header of a number takes two characters. */
  private static final int NARROWEST = 2;

  /** The width of text on a console. The longest verdict fits. */
  private static final int CONSOLE_CELL = 36;

  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final int textColumns;
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param textColumns how many columns are text
   * @param header names of the columns
   */
  public Table(int textColumns, String... header) {
    this.textColumns = textColumns;
    this.header = List.of(header);
  }

  /**
   * Adds a row.
   *
   * @param cells as many as there are columns
   * @return this table
   */
  public Table row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /**
   * The table without a column.
   *
   * @param name of the column
   * @return a new table
   * @throws IllegalArgumentException if there is no such column
   */
  public Table without(String name) {
    int left = header.indexOf(name);
    check(left >= 0, "name", name, "one of " + header);
    Table rest =
        new Table(textColumns - (isText(left) ? 1 : 0), cells(header, left).toArray(String[]::new));
    rows.forEach(row -> rest.rows.add(cells(row, left).toList()));
    return rest;
  }

  private static Stream<String> cells(List<String> row, int left) {
    return IntStream.range(0, row.size()).filter(i -> i != left).mapToObj(row::get);
  }

  List<String> header() {
    return header;
  }

  List<List<String>> rows() {
    return rows;
  }

  boolean isText(int column) {
    return column < textColumns;
  }

  /**
   * The table as CSV.
   *
   * @return a line with the header, then one line per row
   */
  public String toCsv() {
    StringWriter text = new StringWriter();
    try (CSVPrinter csv = new CSVPrinter(text, CSV)) {
      csv.printRecord(header);
      csv.printRecords(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * The table as Markdown with aligned columns, so that its source is readable too.
   *
   * @return two lines for the header, then one line per row
   */
  public String toMarkdown() {
    return aligned(
        Stream.concat(Stream.of(header), rows.stream())
            .map(row -> row.stream().map(Table::escaped).toList())
            .toList());
  }

  /**
   * The table for a console: as in Markdown, but with long texts broken into several lines, so that
   * the numbers next to them stay visible.
   *
   * @return lines of text
   */
  public String toConsole() {
    return aligned(Stream.concat(Stream.of(header), rows.stream().flatMap(this::broken)).toList());
  }

  private Stream<List<String>> broken(List<String> row) {
    List<List<String>> cells =
        IntStream.range(0, row.size())
            .mapToObj(
                i ->
                    isText(i)
                        ? LineBreaks.wrap(row.get(i), CONSOLE_CELL, String::length)
                        : List.of(row.get(i)))
            .toList();
    int height = cells.stream().mapToInt(List::size).max().orElse(1);
    return IntStream.range(0, height)
        .mapToObj(
            line -> cells.stream().map(cell -> line < cell.size() ? cell.get(line) : "").toList());
  }

  private String aligned(List<List<String>> cells) {
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                column ->
                    cells.stream()
                        .mapToInt(row -> row.get(column).length())
                        .reduce(NARROWEST, Math::max))
            .toArray();
    List<String> lines = new ArrayList<>(cells.stream().map(row -> line(row, widths)).toList());
    lines.add(1, rule(widths));
    return String.join("\n", lines) + "\n";
  }

  /** A bare bar or a new line would end the cell. */
  private static String escaped(String cell) {
    return MarkdownPage.escaped(cell).replace("|", "\\|").replaceAll("\\s*\\R\\s*", " ");
  }

  private String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i ->
                String.format(
                    isText(i) ? "%-" + widths[i] + "s" : "%" + widths[i] + "s", cells.get(i)))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private String rule(int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> isText(i) ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":")
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
