package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jx.updaters.catalog.NamedOptimizer.Need;
import org.dl4jx.workbench.lab.Family;
import org.dl4jx.workbench.lab.Lab;
import org.dl4jx.workbench.lab.Optimizer;
import org.dl4jx.workbench.lab.Signal;
import org.dl4jx.workbench.lab.Surface;
import org.dl4jx.workbench.notation.Conversion;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws how updaters respond to simple gradients and move on surfaces of two parameters. */
@Command(
    name = "lab",
    description =
        "Draws the experiments commonly used to explain optimizers: how each updater responds to"
            + " simple gradients, and how it moves on surfaces of two parameters.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LabCommand implements Callable<Integer> {
  /** Without decay, which no experiment has, the others are like one of these. */
  private static final List<NamedUpdater> USUAL =
      NamedUpdater.values().stream().filter(updater -> !updater.penalizesWeights()).toList();

  private final Map<String, String> leftOut = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      required = true,
      description =
          "Folder for the pictures, each as PNG and SVG, and for index.html, which shows and"
              + " explains them")
  private Path output;

  @Option(
      names = "--updaters",
      paramLabel = "<name>",
      converter = NamedUpdater.ListConverter.class,
      description =
          "The updaters, separated by commas, with the same names as for compare. Default: all,"
              + " except those that differ from another only by their weight decay, and those that"
              + " need a network")
  private List<NamedUpdater> updaters;

  @Option(
      names = "--signals",
      paramLabel = "<name>",
      split = ",",
      converter = SignalConverter.class,
      completionCandidates = Signals.class,
      description =
          "The gradients over time, separated by commas. Default: all, ${COMPLETION-CANDIDATES}")
  private List<Signal> signals;

  @Option(
      names = "--surfaces",
      paramLabel = "<name>",
      split = ",",
      converter = SurfaceConverter.class,
      completionCandidates = Surfaces.class,
      description = "The surfaces, separated by commas. Default: all, ${COMPLETION-CANDIDATES}")
  private List<Surface> surfaces;

  @Option(
      names = "--families",
      paramLabel = "<name>",
      split = ",",
      converter = FamilyConverter.class,
      completionCandidates = Families.class,
      description =
          "Families of updaters that differ in one thing, on signals and surfaces that show it,"
              + " separated by commas. Default: all, ${COMPLETION-CANDIDATES}; none if updaters,"
              + " signals, or surfaces are named")
  private List<Family> families;

  @Option(
      names = "--start",
      paramLabel = "<x,y>",
      converter = StartConverter.class,
      description = "Where all paths start. Default: a point chosen for each surface")
  private Surface.Point start;

  @Option(
      names = "--steps",
      paramLabel = "<n>",
      defaultValue = "" + Lab.USUAL_STEPS,
      description = "Number of gradients per updater and surface. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Option(
      names = "--learning-rate",
      paramLabel = "<rate>",
      description =
          "The rate of all updaters on all surfaces. Default: the best of nine rates from 0.0001 to"
              + " 1, for each updater and surface; a family may have one for all")
  private Double learningRate;

  @Override
  public Integer call() throws IOException {
    Lab lab = Usage.checked(spec, this::lab);
    OutputFolder.check(output, lab.files());
    PrintWriter out = spec.commandLine().getOut();
    leftOut.forEach((name, reason) -> out.println("Left out: " + name + ", because " + reason));
    lab.write(output, out, leftOut);
    out.println("All pictures are in " + output.resolve(Lab.PAGE));
    out.flush();
    return ExitCode.OK;
  }

  /** What is not named is left out, unless nothing is named. */
  private Lab lab() {
    boolean all = signals == null && surfaces == null && (families == null || updaters != null);
    boolean allFamilies = families == null && all && updaters == null;
    Usage.notEmpty("--updaters", updaters);
    Usage.notEmpty("--signals", signals);
    Usage.notEmpty("--surfaces", surfaces);
    Usage.notEmpty("--families", families);
    return new Lab(
        optimizers(),
        all ? List.of(Signal.values()) : distinct(signals),
        all ? List.of(Surface.values()) : distinct(surfaces),
        allFamilies ? List.of(Family.values()) : distinct(families),
        start,
        steps,
        learningRate);
  }

  /** Those that are named have to work; of the others, those that do. */
  private List<Optimizer> optimizers() {
    List<Optimizer> optimizers = new ArrayList<>();
    for (NamedUpdater updater : distinct(updaters == null ? USUAL : updaters)) {
      boolean works = updater.need() == Need.NOTHING;
      check(
          updaters == null || works,
          "--updaters",
          updater + ", which needs " + updater.need(),
          "updaters that need no network");
      if (works) {
        optimizers.add(Optimizer.of(updater));
      } else {
        leftOut.put(updater.label(), "it needs " + updater.need());
      }
    }
    return optimizers;
  }

  private static <T> List<T> distinct(List<T> given) {
    return given == null ? List.of() : given.stream().distinct().toList();
  }

  /** Reads the name of a signal. */
  static final class SignalConverter implements ITypeConverter<Signal> {
    @Override
    public Signal convert(String name) {
      return Conversion.of(
          name, n -> Names.named(n, "signal", List.of(Signal.values()), Signal::label));
    }
  }

  /** Reads the name of a surface. */
  static final class SurfaceConverter implements ITypeConverter<Surface> {
    @Override
    public Surface convert(String name) {
      return Conversion.of(
          name, n -> Names.named(n, "surface", List.of(Surface.values()), Surface::label));
    }
  }

  /** Reads the name of a family. */
  static final class FamilyConverter implements ITypeConverter<Family> {
    @Override
    public Family convert(String name) {
      return Conversion.of(
          name, n -> Names.named(n, "family", List.of(Family.values()), Family::label));
    }
  }

  /** Reads a point. */
  static final class StartConverter implements ITypeConverter<Surface.Point> {
    @Override
    public Surface.Point convert(String text) {
      return Conversion.of(text, Surface.Point::parse);
    }
  }

  /** All families, for the help. */
  static final class Families extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Families() {
      super(Arrays.stream(Family.values()).map(Family::label).toList());
    }
  }

  /** All signals, for the help. */
  static final class Signals extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Signals() {
      super(Arrays.stream(Signal.values()).map(Signal::label).toList());
    }
  }

  /** All surfaces, for the help. */
  static final class Surfaces extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Surfaces() {
      super(Arrays.stream(Surface.values()).map(Surface::label).toList());
    }
  }
}
