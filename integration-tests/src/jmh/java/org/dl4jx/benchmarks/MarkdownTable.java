package org.dl4jx.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown with aligned columns; the first is text or a count, the others numbers. */
final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  MarkdownTable(List<String> header) {
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
                .map(
                    row ->
                        IntStream.range(0, widths.length)
                            .mapToObj(i -> ("%" + widths[i] + "s").formatted(row.get(i)))
                            .collect(Collectors.joining(" | ", "| ", " |")))
                .toList());
    lines.add(
        1,
        IntStream.of(widths)
            .mapToObj(width -> "-".repeat(width - 1) + ":")
            .collect(Collectors.joining(" | ", "| ", " |")));
    return String.join("\n", lines) + "\n";
  }
}
