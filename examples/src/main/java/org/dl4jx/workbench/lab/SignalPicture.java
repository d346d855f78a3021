package org.dl4jx.workbench.lab;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dl4jx.workbench.lab.Signal.Closeup;
import org.dl4jx.workbench.lab.Surface.Window;

/**
 * One row per optimizer: the gradient and the state on the left, the update on the right. Above
 * them, the updates of all, if the palette has enough lines.
 */
final class SignalPicture {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 128;
  private static final int TOGETHER = 220;
  private static final String STEP = "step of θ / η";
  private static final BasicStroke THIN = new BasicStroke(1);

  /** The share of the gradients that decides the height of a panel; rare spikes do not. */
  private static final double USUAL = 0.99;

  private SignalPicture() {}

  static Picture of(Signal signal, List<Response> responses) {
    List<Panel> panels = new ArrayList<>();
    if (Palette.canTellApart(responses.size())) {
      Closeup closeup = signal.closeup();
      panels.add(
          together(
              "All: " + STEP, responses, response -> 1, new Closeup(0, signal.gradients().length)));
      panels.add(
          together(
              "All, as a share of their own greatest"
                  + (closeup.isWhole(signal)
                      ? ""
                      : ", iterations " + closeup.from() + " to " + closeup.to()),
              responses,
              response -> greatest(array(response.steps())),
              closeup));
    }
    for (Response response : responses) {
      panels.add(state(response));
      panels.add(update(response));
    }
    return new Picture(signal.title() + ": the gradient is " + signal.formula(), panels, 2);
  }

  /** The steps of all in some unit, with the gradient as a share of its greatest. */
  private static Panel together(
      String title, List<Response> responses, ToDoubleFunction<Response> unit, Closeup shown) {
    List<Polyline> lines =
        responses.stream()
            .map(r -> line(divided(array(r.steps()), unit.applyAsDouble(r)), r.iterationsPerStep()))
            .toList();
    Window window =
        window(
            shown.from(),
            shown.to(),
            lines.stream().flatMapToDouble(line -> Arrays.stream(line.y())));
    Panel panel = new Panel(title, window, WIDTH, TOGETHER);
    double[] gradients = responses.get(0).signal().gradients();
    panel.line(
        "gradient / its greatest",
        line(divided(gradients, greatest(gradients)), 1),
        Palette.BACKGROUND,
        THIN);
    for (int i = 0; i < responses.size(); i++) {
      Palette palette = Palette.of(i);
      panel.line(
          responses.get(i).optimizer().name(), lines.get(i), palette.color(), palette.stroke());
    }
    return panel;
  }

  private static double greatest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double[] divided(double[] values, double unit) {
    return unit == 0 ? values : Arrays.stream(values).map(value -> value / unit).toArray();
  }

  private static Panel state(Response response) {
    double[] gradients = response.signal().gradients();
    DoubleStream states =
        response.states().values().stream().flatMap(List::stream).mapToDouble(v -> v);
    Window window = window(0, gradients.length, DoubleStream.concat(states, usual(gradients)));
    Panel panel = new Panel(response.optimizer().name(), window, WIDTH, HEIGHT);
    panel.line("gradient", line(gradients, 1), Palette.BACKGROUND, THIN);
    int number = 0;
    for (String label : response.states().keySet()) {
      Palette palette = Palette.of(number++);
      Polyline line = line(array(response.states().get(label)), 1);
      panel.line(label, line, palette.color(), palette.stroke());
    }
    return panel;
  }

  private static Panel update(Response response) {
    double[] updates = array(response.update());
    double[] steps = array(response.steps());
    Window window =
        window(
            0, updates.length, DoubleStream.concat(Arrays.stream(updates), Arrays.stream(steps)));
    Panel panel = new Panel("", window, WIDTH, HEIGHT);
    boolean probes = response.probes();
    if (probes) {
      panel.line("update / η", line(updates, 1), Palette.BACKGROUND, THIN);
    }
    panel.line(
        probes ? STEP : "update / η",
        line(steps, response.iterationsPerStep()),
        Color.BLACK,
        new BasicStroke(1.5f));
    return panel;
  }

  private static DoubleStream usual(double[] gradients) {
    double[] sorted = Arrays.stream(gradients).sorted().toArray();
    int left = (int) ((1 - USUAL) / 2 * sorted.length);
    return Arrays.stream(sorted, left, sorted.length - left);
  }

  /** A window that is high enough for all values and for zero. */
  private static Window window(double from, double to, DoubleStream values) {
    DoubleSummaryStatistics range =
        DoubleStream.concat(DoubleStream.of(0), values).summaryStatistics();
    double margin = Math.max(0.05 * (range.getMax() - range.getMin()), 1e-9);
    return new Window(from, to, range.getMin() - margin, range.getMax() + margin);
  }

  private static Polyline line(double[] values, int iterationsPerValue) {
    return new Polyline(
        IntStream.rangeClosed(1, values.length)
            .mapToDouble(i -> (double) i * iterationsPerValue - 1)
            .toArray(),
        values);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }
}
