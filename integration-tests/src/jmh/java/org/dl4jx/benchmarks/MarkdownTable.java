package org.dl4jx.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown with aligned columns: first text, then numbers. */
final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  private final int textColumns;

  MarkdownTable(int textColumns, List<String> header) {
    this.textColumns = textColumns;
    rows.add(header);
  }

  void add(List<String> row) {
    rows.add(row);
  }

  @Override
  public String toString() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1))
            .toArray();
    List<String> lines =
        new ArrayList<>(
            rows.stream()
                .map(row -> line(widths, i -> (format(i) + widths[i] + "s").formatted(row.get(i))))
                .toList());
    lines.add(1, line(widths, i -> "-".repeat(widths[i] - 1) + (i < textColumns ? "-" : ":")));
    return String.join("\n", lines) + "\n";
  }

  private String format(int column) {
    return column < textColumns ? "%-" : "%";
  }

  private static String line(int[] widths, IntFunction<String> cell) {
    return IntStream.range(0, widths.length)
        .mapToObj(cell)
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
