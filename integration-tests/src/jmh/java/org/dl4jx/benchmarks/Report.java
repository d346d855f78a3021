package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.dl4jx.benchmarks.Measurement.Quantity;
import org.dl4jx.benchmarks.Measurement.Task;
import org.dl4jx.benchmarks.Peers.Peer;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.files.AtomicFile;

/** Measurements as Markdown, a table for each question, and a chart beside it. */
final class Report {
  private final Machine machine;
  private final Results results;
  private final Peers peers;
  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  Report(Machine machine, List<Measurement> measurements, Peers peers, Path folder) {
    this.machine = machine;
    this.results = new Results(measurements);
    this.peers = peers;
    this.folder = folder;
  }

  /** Writes {@code benchmarks.md} and the charts. */
  void write() throws IOException {
    machine.lines().forEach(line -> text.append("- ").append(line).append('\n'));
    paragraph(
        "Times are medians: of all samples of a process, then of the processes. Times as fast: the"
            + " ratio of the medians of one process, then the median of the processes, with the"
            + " least and the greatest.");
    List<Task> steps = results.tasks(Quantity.STEP);
    int[] threads = steps.stream().mapToInt(Task::threads).distinct().sorted().toArray();
    for (int i = threads.length - 1; i >= 0; i--) {
      int count = threads[i];
      steps(count, steps.stream().filter(task -> task.threads() == count).toList());
    }
    if (threads.length > 1) {
      for (NumberType type : types(steps)) {
        threads(type, steps);
      }
    }
    allocation();
    networks();
    peers(steps);
    AtomicFile.write(folder.resolve("benchmarks.md"), text.toString());
  }

  private void steps(int threads, List<Task> tasks) throws IOException {
    List<Task> withBuiltIn = tasks.stream().filter(t -> t.contest().hasBuiltIn()).toList();
    speed(threads, of(Contest.DECAY, withBuiltIn));
    for (NumberType type : types(withBuiltIn)) {
      glance(type, threads, of(type, withBuiltIn));
    }
    otherPaths(threads, tasks.stream().filter(t -> !t.contest().hasBuiltIn()).toList());
    for (Contest contest : contests(tasks)) {
      for (NumberType type : types(of(contest, tasks))) {
        stepTable(contest, type, threads, of(type, of(contest, tasks)));
      }
    }
  }

  private static String suffix(NumberType type, int threads) {
    return ", " + type + suffix(threads);
  }

  private static String suffix(int threads) {
    return threads == 1 ? ", 1 thread" : ", " + threads + " threads";
  }

  /** What most users want to know: the usual updater with decay, and Deeplearning4j's. */
  private void speed(int threads, List<Task> tasks) throws IOException {
    if (tasks.isEmpty()) {
      return;
    }
    String title =
        "One step of AdamW with decay: how many times as fast as DL4J's "
            + Contest.DECAY.title(Contestant.BUILT_IN);
    BarChart chart = BarChart.labelled(title, "parameters in the network");
    int types = types(tasks).size();
    for (Task task : tasks) {
      long size = task.parameters();
      // A group without one of its bars would show a zero for it.
      if (tasks.stream().filter(other -> other.parameters() == size).count() == types) {
        double tenths = Math.round(10 * ratio(task).getPercentile(50));
        chart.add(count(size), task.type().toString(), tenths / 10);
      }
    }
    heading(title + suffix(threads));
    image(chart, "speed-" + threads);
  }

  /** The ratios of all contests with Deeplearning4j. */
  private void glance(NumberType type, int threads, List<Task> tasks) throws IOException {
    List<Contest> contests = contests(tasks);
    String title = "Times as fast as DL4J's" + suffix(type, threads);
    LineChart chart = new LineChart(title, "ratio", false);
    List<String> header = new ArrayList<>(List.of("parameters"));
    for (Contest contest : contests) {
      header.add(contest.title());
      chart.add(contest.title(), of(contest, tasks), row -> ratio(row).getPercentile(50));
    }
    MarkdownTable table = new MarkdownTable(0, header);
    for (long size : sizes(tasks)) {
      List<String> cells = new ArrayList<>(List.of(count(size)));
      contests.forEach(contest -> cells.add(ratio(size, of(contest, tasks))));
      table.add(cells);
    }
    heading(title);
    text.append(table);
    image(chart, "ratio-" + name(type) + "-" + threads);
  }

  /** How many times as long a step takes by its formula alone, and by ND4J's operations. */
  private void otherPaths(int threads, List<Task> tasks) throws IOException {
    if (tasks.isEmpty()) {
      return;
    }
    String title = "Times as long as by the usual path" + suffix(threads);
    LineChart chart = new LineChart(title, "ratio", false);
    List<String> header = new ArrayList<>(List.of("parameters"));
    List<List<Task>> columns = new ArrayList<>();
    for (Contest contest : contests(tasks)) {
      for (NumberType type : types(of(contest, tasks))) {
        String label = contest.title(contest.rival()) + ", " + type;
        List<Task> column = of(type, of(contest, tasks));
        header.add(label);
        columns.add(column);
        chart.add(label, column, task -> ratio(task).getPercentile(50));
      }
    }
    MarkdownTable table = new MarkdownTable(0, header);
    for (long size : sizes(tasks)) {
      List<String> cells = new ArrayList<>(List.of(count(size)));
      columns.forEach(column -> cells.add(ratio(size, column)));
      table.add(cells);
    }
    heading(title);
    text.append(table);
    image(chart, "paths-" + threads);
  }

  /** The ratio of the one that has this size, as a cell. */
  private String ratio(long size, List<Task> column) {
    return column.stream()
        .filter(task -> task.parameters() == size)
        .map(task -> number(ratio(task).getPercentile(50)))
        .findFirst()
        .orElse("");
  }

  private static Set<Long> sizes(List<Task> tasks) {
    return new TreeSet<>(tasks.stream().map(Task::parameters).toList());
  }

  private static Set<NumberType> types(List<Task> tasks) {
    return new TreeSet<>(tasks.stream().map(Task::type).toList());
  }

  private static List<Task> of(NumberType type, List<Task> tasks) {
    return tasks.stream().filter(task -> task.type() == type).toList();
  }

  private static List<Contest> contests(List<Task> tasks) {
    return tasks.stream().map(Task::contest).distinct().sorted().toList();
  }

  private static List<Task> of(Contest contest, List<Task> tasks) {
    return tasks.stream().filter(task -> task.contest() == contest).toList();
  }

  private static String name(NumberType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private void stepTable(Contest contest, NumberType type, int threads, List<Task> rows)
      throws IOException {
    Set<Contestant> timed = contest.contestants();
    Contestant rival = contest.rival();
    Contestant ours = contest.ours();
    List<String> header = new ArrayList<>(List.of("parameters"));
    timed.forEach(c -> header.add(contest.title(c) + " µs"));
    header.addAll(List.of("times as fast", "from", "to"));
    if (ours == Contestant.OURS) {
      header.add("with PROPAGATE");
    }
    header.add("copy GB/s");
    Stream.of(rival, ours).forEach(c -> header.add(contest.title(c) + ", of copy's GB/s"));
    MarkdownTable table = new MarkdownTable(0, header);
    for (Task row : rows) {
      List<String> cells = new ArrayList<>(List.of(count(row.parameters())));
      timed.forEach(c -> cells.add(number(results.median(row, c) / 1e3)));
      cells.addAll(spread(ratio(row)));
      if (ours == Contestant.OURS) {
        cells.add(number(results.ratio(row, rival, Contestant.UNGUARDED).getPercentile(50)));
      }
      double copy = bytesPerNano(row, Contestant.COPY);
      cells.add(number(copy));
      Stream.of(rival, ours).forEach(c -> cells.add(percent(bytesPerNano(row, c) / copy)));
      table.add(cells);
    }
    String title = contest.title() + suffix(type, threads);
    heading(title);
    text.append(table);
    LineChart chart = new LineChart(title, "ns per parameter", true);
    timed.forEach(c -> chart.add(contest.title(c), rows, row -> nanosPerParameter(row, c)));
    image(chart, String.join("-", "step", contest.label(), name(type), "" + threads));
  }

  private double bytesPerNano(Task task, Contestant contestant) {
    int bytes = task.contest().numbersMoved(contestant) * task.type().bytes();
    return bytes / nanosPerParameter(task, contestant);
  }

  private DescriptiveStatistics ratio(Task task) {
    return results.ratio(task, task.contest().rival(), task.contest().ours());
  }

  private double nanosPerParameter(Task task, Contestant contestant) {
    return results.median(task, contestant) / task.parameters();
  }

  /** What more threads bring to each side. */
  private void threads(NumberType type, List<Task> steps) throws IOException {
    Contest contest = Contest.of(NamedOptimizer.ADAMW);
    List<Task> tasks = of(type, of(contest, steps));
    if (tasks.isEmpty()) {
      return;
    }
    String title = contest.title() + ", " + type + ", by threads";
    LineChart chart = new LineChart(title, "ns per parameter", true);
    List<String> header = new ArrayList<>(List.of("parameters"));
    List<Function<Long, String>> columns = new ArrayList<>();
    for (Contestant c : List.of(Contestant.BUILT_IN, Contestant.OURS, Contestant.COPY)) {
      for (int threads : new TreeSet<>(tasks.stream().map(Task::threads).toList())) {
        List<Task> rows = tasks.stream().filter(task -> task.threads() == threads).toList();
        String label = contest.title(c) + ", threads: " + threads;
        chart.add(label, rows, row -> nanosPerParameter(row, c));
        header.add(label + ", µs");
        columns.add(
            size ->
                rows.stream()
                    .filter(row -> row.parameters() == size)
                    .map(row -> number(results.median(row, c) / 1e3))
                    .findFirst()
                    .orElse(""));
      }
    }
    MarkdownTable table = new MarkdownTable(0, header);
    for (long size : sizes(tasks)) {
      table.add(
          Stream.concat(Stream.of(count(size)), columns.stream().map(c -> c.apply(size))).toList());
    }
    heading(title);
    text.append(table);
    image(chart, "threads-" + name(type));
  }

  private void allocation() {
    List<Task> tasks = results.tasks(Quantity.ALLOCATION);
    if (tasks.isEmpty()) {
      return;
    }
    heading("Bytes of heap allocated by a step, on all threads");
    MarkdownTable table = new MarkdownTable(1, List.of("updaters", "parameters", "DL4J's", "ours"));
    for (Task task : tasks) {
      table.add(
          List.of(
              task.contest().title(),
              count(task.parameters()),
              count(Math.round(results.median(task, Contestant.BUILT_IN))),
              count(Math.round(results.median(task, Contestant.OURS)))));
    }
    text.append(table);
  }

  private void networks() throws IOException {
    List<Task> tasks = results.tasks(Quantity.ITERATION);
    if (tasks.isEmpty()) {
      return;
    }
    heading("An iteration of a network, batch size 64");
    MarkdownTable table =
        new MarkdownTable(
            2,
            List.of(
                "network",
                "updaters",
                "parameters",
                "DL4J's ms",
                "ours ms",
                "Sgd ms",
                "times as fast",
                "from",
                "to",
                "DL4J's updater ms",
                "share",
                "our updater ms",
                "share"));
    BarChart chart = new BarChart("An iteration, with Sgd = 1");
    for (Task task : tasks) {
      List<String> cells =
          new ArrayList<>(
              List.of(task.subject(), task.contest().title(), count(task.parameters())));
      Stream.of(Contestant.BUILT_IN, Contestant.OURS, Contestant.SGD)
          .forEach(c -> cells.add(number(results.median(task, c) / 1e6)));
      cells.addAll(spread(results.ratio(task, Contestant.BUILT_IN, Contestant.OURS)));
      Task updater = task.with(Quantity.UPDATER);
      for (Contestant c : List.of(Contestant.BUILT_IN, Contestant.OURS)) {
        double nanos = results.median(updater, c);
        cells.add(number(nanos / 1e6));
        cells.add(percent(nanos / results.median(task, c)));
        chart.add(
            task.subject(),
            task.contest().title(c),
            results.ratio(task, c, Contestant.SGD).getPercentile(50));
      }
      table.add(cells);
    }
    text.append(table);
    image(chart, "networks");
  }

  private void peers(List<Task> steps) throws IOException {
    for (Contest contest : Contest.all()) {
      for (int threads : new TreeSet<>(peers.steps().stream().map(Peer::threads).toList())) {
        List<Peer> alike =
            peers.steps().stream()
                .filter(peer -> peer.contest() == contest && peer.threads() == threads)
                .toList();
        List<Task> rows =
            steps.stream()
                .filter(task -> task.contest() == contest && task.threads() == threads)
                .filter(task -> task.type() == NumberType.FLOAT)
                .filter(task -> subtract(task) != null)
                .toList();
        if (!alike.isEmpty() && !rows.isEmpty()) {
          peerTable(contest, threads, alike, rows);
        }
      }
    }
  }

  private void peerTable(Contest contest, int threads, List<Peer> alike, List<Task> rows)
      throws IOException {
    String title =
        "%s beside PyTorch %s, threads: %d"
            .formatted(contest.title(), alike.get(0).version(), threads);
    heading(title);
    paragraph(
        "Nanoseconds per parameter. PyTorch's steps subtract the update from the parameters; the"
            + " two others have the time of params.subi(update) added.");
    List<Contestant> sides = List.of(Contestant.BUILT_IN, Contestant.OURS);
    List<String> labels = alike.stream().map(Peer::label).distinct().toList();
    LineChart chart = new LineChart(title, "ns per parameter", true);
    List<String> header = new ArrayList<>(List.of("parameters"));
    for (Contestant side : sides) {
      header.add(contest.title(side));
      chart.add(contest.title(side), rows, row -> nanosWithSubtraction(row, side));
    }
    for (String label : labels) {
      header.add(label);
      chart.add(label, rows, row -> nanosOfPeer(alike, label, row));
    }
    MarkdownTable table = new MarkdownTable(0, header);
    for (Task row : rows) {
      List<String> cells = new ArrayList<>(List.of(count(row.parameters())));
      sides.forEach(side -> cells.add(number(nanosWithSubtraction(row, side))));
      labels.forEach(label -> cells.add(number(nanosOfPeer(alike, label, row))));
      table.add(cells);
    }
    text.append(table);
    image(chart, "torch-" + contest.label() + "-" + threads);
  }

  /** What subtracting took for a block of that size, which is measured in one of the contests. */
  private Task subtract(Task task) {
    Task subtracting = task.with(Contest.DECAY);
    return results.has(subtracting, Contestant.SUBTRACT) ? subtracting : null;
  }

  private double nanosWithSubtraction(Task task, Contestant contestant) {
    return nanosPerParameter(task, contestant)
        + nanosPerParameter(subtract(task), Contestant.SUBTRACT);
  }

  private static double nanosOfPeer(List<Peer> peers, String label, Task task) {
    return peers.stream()
        .filter(peer -> peer.label().equals(label) && peer.parameters() == task.parameters())
        .mapToDouble(peer -> peer.nanos() / peer.parameters())
        .findFirst()
        .orElse(Double.NaN);
  }

  private void heading(String title) {
    text.append("\n## ").append(title).append("\n\n");
  }

  private void paragraph(String sentence) {
    text.append('\n').append(sentence).append("\n\n");
  }

  private void image(Chart chart, String name) throws IOException {
    chart.writePng(folder.resolve(name + ".png"));
    text.append("\n![").append(name).append("](").append(name).append(".png)\n");
  }

  private static List<String> spread(DescriptiveStatistics ratio) {
    return Stream.of(ratio.getPercentile(50), ratio.getMin(), ratio.getMax())
        .map(Report::number)
        .collect(Collectors.toList());
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String percent(double share) {
    return Math.round(100 * share) + "%";
  }

  /** Three digits that count. */
  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
