package org.dl4jx.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The results of a comparison, one row an updater. */
final class ResultTable {
  private static final List<String> HEADER =
      List.of(
          "updater",
          "schedule",
          "learning rate",
          "training loss",
          "test accuracy",
          "seconds",
          "ms/iteration");
  private static final int TEXT_COLUMNS = 2;

  private final List<List<String>> rows = new ArrayList<>();

  void add(NamedUpdater updater, TrainingPlan plan, TrainingResult result) {
    rows.add(
        List.of(
            updater.label(),
            updater.schedule(plan),
            String.valueOf(updater.learningRate(plan)),
            result.isDiverged() ? "diverged" : number("%.4f", result.loss()),
            result.isDiverged() ? "diverged" : number("%.4f", result.accuracy()),
            number("%.1f", result.seconds()),
            number("%.2f", result.millisecondsPerIteration())));
  }

  /** A decimal point in every language, for programs that read it. */
  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  String toCsv() {
    return lines()
        .map(row -> row.stream().map(ResultTable::quoted).collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** The notation of a schedule has commas. */
  private static String quoted(String cell) {
    return cell.contains(",") ? '"' + cell + '"' : cell;
  }

  /** Markdown whose columns are aligned, so that it can be read on a console as well. */
  String toMarkdown() {
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> lines().mapToInt(row -> row.get(column).length()).max().orElseThrow())
            .toArray();
    List<String> lines = new ArrayList<>(lines().map(row -> line(row, widths)).toList());
    lines.add(1, rule(widths));
    return String.join("\n", lines) + "\n";
  }

  private Stream<List<String>> lines() {
    return Stream.concat(Stream.of(HEADER), rows.stream());
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i ->
                String.format(
                    i < TEXT_COLUMNS ? "%-" + widths[i] + "s" : "%" + widths[i] + "s",
                    cells.get(i)))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String rule(int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> i < TEXT_COLUMNS ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":")
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
