package org.dl4jx.workbench.lab;

import static java.util.Comparator.comparing;
import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.positive;
import static org.dl4jx.workbench.lab.Scene.atBestRates;
import static org.dl4jx.workbench.lab.Scene.on;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.lab.Scene.OnSignal;
import org.dl4jx.workbench.lab.Scene.OnSurface;
import org.dl4jx.workbench.lab.Surface.Point;
import org.nd4j.linalg.factory.Nd4j;

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
  private final List<Scene> scenes;
  private final List<Family> families;
  private final Point start;
  private final int steps;
  private final Map<List<Object>, Response> responses = new ConcurrentHashMap<>();
  private final Double learningRate;

  /**
   * Plans the experiments.
   *
   * @param optimizers the optimizers to run on signals and surfaces
   * @param signals the gradients they respond to
   * @param surfaces the surfaces they move on
   * @param families the families to run besides, each on scenes of its own
   * @param start of all paths; null for that of each surface, or scene of a family
   * @param steps number of gradients per trajectory, 1 to 100,000
   * @param learningRate on all surfaces; null for the best of a few, for each optimizer and
   *     surface, or that of a family
   * @throws IllegalArgumentException if a number is outside its range
   */
  public Lab(
      List<Optimizer> optimizers,
      List<Signal> signals,
      List<Surface> surfaces,
      List<Family> families,
      Point start,
      int steps,
      Double learningRate) {
    this.optimizers =
        Palette.canTellApart(optimizers.size())
            ? optimizers
            : optimizers.stream().sorted(comparing(Optimizer::kind)).toList();
    this.scenes =
        Stream.concat(
                signals.stream().map(signal -> on(signal, signal.whatToLookFor())),
                surfaces.stream().map(s -> atBestRates(s, s.whatToLookFor())))
            .toList();
    this.families = families;
    this.start = start;
    this.steps =
        check(
            steps >= 1 && steps <= MOST_STEPS, "steps", steps, "a number from 1 to " + MOST_STEPS);
    this.learningRate = learningRate == null ? null : positive("learningRate", learningRate);
    allScenes()
        .filter(OnSurface.class::isInstance)
        .map(scene -> ((OnSurface) scene).surface())
        .forEach(surface -> surface.checkStart(start));
  }

  private Stream<Scene> allScenes() {
    return Stream.concat(
        scenes.stream(), families.stream().flatMap(family -> family.scenes().stream()));
  }

  /**
   * The names of the files that are written.
   *
   * @return a page, and two pictures per signal, surface, and scene of a family
   */
  public List<String> files() {
    return Stream.concat(
            Stream.of(PAGE),
            Stream.concat(
                    scenes.stream().map(Lab::name),
                    families.stream()
                        .flatMap(family -> family.scenes().stream().map(s -> name(family, s))))
                .flatMap(name -> Stream.of(name + ".png", name + ".svg")))
        .toList();
  }

  private static String name(Scene scene) {
    return (scene instanceof OnSignal ? "signal-" : "surface-") + scene.label();
  }

  private static String name(Family family, Scene scene) {
    return "family-" + family.label() + "-" + scene.label();
  }

  /**
   * Runs all experiments, then writes a PNG and an SVG of each, and {@code index.html}.
   *
   * @param folder where to
   * @param out for a line about the end of each trajectory
   * @param leftOut why some optimizers are not among those of this lab, by their names
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder, PrintWriter out, Map<String, String> leftOut) throws IOException {
    // Here, since threads of the common pool would not find the backend in Maven's class loader.
    Nd4j.getBackend();
    boolean usual = steps == USUAL_STEPS && learningRate == null && start == null;
    LabPage page = new LabPage(steps, learningRate, usual, leftOut);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Family family : families) {
      page.begin(family);
      List<Optimizer> members = family.members().stream().map(Optimizer::of).toList();
      for (Scene scene : family.scenes()) {
        out.println(family.title() + ", " + family.varies());
        run(set(scene), members, name(family, scene), page, files, out);
      }
    }
    for (Scene scene : scenes) {
      page.begin(scene);
      run(set(scene), optimizers, name(scene), page, files, out);
    }
    files.put(PAGE, page.toBytes());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      AtomicFile.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** The scene with the start and the learning rate of this lab, where they are given. */
  private Scene set(Scene scene) {
    return scene instanceof OnSurface on
        ? new OnSurface(
            on.surface(),
            start == null ? on.start() : start,
            learningRate == null ? on.learningRate() : learningRate,
            on.whatToLookFor())
        : scene;
  }

  private void run(
      Scene scene,
      List<Optimizer> optimizers,
      String name,
      LabPage page,
      Map<String, byte[]> files,
      PrintWriter out) {
    if (scene instanceof OnSignal on) {
      List<Response> responses =
          optimizers.parallelStream().map(o -> response(o, on.signal())).toList();
      page.add(on, optimizers, add(files, name, SignalPicture.of(on.signal(), responses)));
    } else if (scene instanceof OnSurface on) {
      List<Trajectory> trajectories =
          optimizers.parallelStream().map(o -> on.trajectory(o, steps)).toList();
      page.add(on, trajectories, add(files, name, SurfacePicture.of(on.surface(), trajectories)));
      out.println(on.surface().title() + ", " + on.surface().formula());
      trajectories.forEach(t -> out.println("  " + t.summary()));
      out.println();
      out.flush();
    }
  }

  /** A family may have a member that is in another one too, or on its own. */
  private Response response(Optimizer optimizer, Signal signal) {
    return responses.computeIfAbsent(
        List.of(optimizer.name(), signal), key -> Response.of(optimizer, signal));
  }

  /** Returns the SVG. */
  private static byte[] add(Map<String, byte[]> files, String name, Picture picture) {
    byte[] svg = picture.svg();
    files.put(name + ".png", picture.png());
    files.put(name + ".svg", svg);
    return svg;
  }
}
