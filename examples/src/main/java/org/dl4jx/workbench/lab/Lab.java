package org.dl4jx.workbench.lab;

import static java.util.Comparator.comparing;
import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.positive;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jx.workbench.files.AtomicFile;

/** Runs the experiments and writes their pictures and the page that explains them. */
public final class Lab {
  /**
   * The default number of gradients per trajectory: a multiple of three, for whole cycles of
   * probes.
   */
  public static final int USUAL_STEPS = 300;

  /** The name of the page that shows and explains the pictures. */
  public static final String PAGE = "index.html";

  private static final int MOST_STEPS = 100_000;

  private final List<Optimizer> optimizers;
  private final List<Signal> signals;
  private final List<Surface> surfaces;
  private final int steps;
  private final Double learningRate;

  /**
   * Plans the experiments.
   *
   * @param optimizers the optimizers to run
   * @param signals the gradients they respond to
   * @param surfaces the surfaces they move on
   * @param steps number of gradients per trajectory, 1 to 100,000
   * @param learningRate on all surfaces; null for the best of a few, for each optimizer and surface
   * @throws IllegalArgumentException if a number is outside its range
   */
  public Lab(
      List<Optimizer> optimizers,
      List<Signal> signals,
      List<Surface> surfaces,
      int steps,
      Double learningRate) {
    this.optimizers = optimizers.stream().sorted(comparing(Optimizer::family)).toList();
    this.signals = signals;
    this.surfaces = surfaces;
    this.steps =
        check(
            steps >= 1 && steps <= MOST_STEPS, "steps", steps, "a number from 1 to " + MOST_STEPS);
    this.learningRate = learningRate == null ? null : positive("learningRate", learningRate);
  }

  /**
   * The names of the files that are written.
   *
   * @return a page, and two pictures per signal and surface
   */
  public List<String> files() {
    return Stream.concat(
            Stream.of(PAGE),
            Stream.concat(signals.stream().map(Lab::name), surfaces.stream().map(Lab::name))
                .flatMap(name -> Stream.of(name + ".png", name + ".svg")))
        .toList();
  }

  private static String name(Signal signal) {
    return "signal-" + signal.label();
  }

  private static String name(Surface surface) {
    return "surface-" + surface.label();
  }

  /**
   * Runs all experiments, then writes a PNG and an SVG of each, and {@code index.html}.
   *
   * @param folder where to
   * @param out for a line about the end of each trajectory
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder, PrintWriter out) throws IOException {
    boolean usual = steps == USUAL_STEPS && learningRate == null;
    LabPage page = new LabPage(steps, learningRate, usual);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Signal signal : signals) {
      List<Response> responses = optimizers.stream().map(o -> Response.of(o, signal)).toList();
      Picture picture = SignalPicture.of(signal, responses);
      page.add(signal, add(files, name(signal), picture));
    }
    for (Surface surface : surfaces) {
      List<Trajectory> trajectories = optimizers.stream().map(o -> trajectory(o, surface)).toList();
      Picture picture = SurfacePicture.of(surface, trajectories);
      page.add(surface, trajectories, add(files, name(surface), picture));
      out.println(surface.title() + ", " + surface.formula());
      trajectories.forEach(t -> out.println("  " + t.summary()));
      out.println();
      out.flush();
    }
    files.put(PAGE, page.toBytes());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      AtomicFile.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** Returns the SVG. */
  private static byte[] add(Map<String, byte[]> files, String name, Picture picture) {
    byte[] svg = picture.svg();
    files.put(name + ".png", picture.png());
    files.put(name + ".svg", svg);
    return svg;
  }

  private Trajectory trajectory(Optimizer optimizer, Surface surface) {
    return learningRate == null
        ? RateSearch.best(optimizer, surface, steps)
        : Trajectory.of(optimizer, surface, learningRate, steps);
  }
}
