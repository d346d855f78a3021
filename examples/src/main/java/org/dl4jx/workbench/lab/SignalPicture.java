package org.dl4jx.workbench.lab;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dl4jx.workbench.lab.Surface.Window;

/** One row per optimizer: the gradient and the state on the left, the update on the right. */
final class SignalPicture {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 150;
  private static final BasicStroke THIN = new BasicStroke(1);

  /** The share of the gradients that decides the height of a panel; rare spikes do not. */
  private static final double USUAL = 0.99;

  private SignalPicture() {}

  static Picture of(Signal signal, List<Response> responses) {
    List<Panel> panels = new ArrayList<>();
    for (Response response : responses) {
      panels.add(state(response));
      panels.add(update(response));
    }
    return new Picture(signal.title() + ": the gradient is " + signal.formula(), panels, 2);
  }

  private static Panel state(Response response) {
    double[] gradients = response.signal().gradients();
    DoubleStream states =
        response.states().values().stream().flatMap(List::stream).mapToDouble(v -> v);
    Panel panel =
        panel(
            response.optimizer().name(),
            gradients.length,
            DoubleStream.concat(states, usual(gradients)).toArray());
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
    Panel panel =
        panel(
            "",
            updates.length,
            DoubleStream.concat(Arrays.stream(updates), Arrays.stream(steps)).toArray());
    boolean probes = response.iterationsPerStep() > 1;
    if (probes) {
      panel.line("update / η, from probe to probe", line(updates, 1), Palette.BACKGROUND, THIN);
    }
    panel.line(
        probes ? "step of θ / η" : "update / η",
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

  /** A panel that is high enough for all values and for zero. */
  private static Panel panel(String title, int iterations, double[] values) {
    double low = Math.min(0, Arrays.stream(values).min().orElseThrow());
    double high = Math.max(0, Arrays.stream(values).max().orElseThrow());
    double margin = Math.max(0.05 * (high - low), 1e-9);
    Window window = new Window(0, iterations, low - margin, high + margin);
    return new Panel(title, window, WIDTH, HEIGHT);
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
