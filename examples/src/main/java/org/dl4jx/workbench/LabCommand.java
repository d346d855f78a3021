package org.dl4jx.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
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
              + " except those that differ from another only by their weight decay")
  private List<NamedUpdater> updaters =
      NamedUpdater.values().stream().filter(u -> !u.penalizesWeights()).toList();

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
              + " 1, for each updater and surface")
  private Double learningRate;

  @Override
  public Integer call() throws IOException {
    Lab lab = Usage.checked(spec, this::lab);
    OutputFolder.check(output, lab.files());
    PrintWriter out = spec.commandLine().getOut();
    lab.write(output, out);
    out.println("All pictures are in " + output.resolve(Lab.PAGE));
    out.flush();
    return ExitCode.OK;
  }

  /** If only surfaces are named, there are no signals, and vice versa. */
  private Lab lab() {
    boolean all = signals == null && surfaces == null;
    Usage.notEmpty("--updaters", updaters);
    Usage.notEmpty("--signals", signals);
    Usage.notEmpty("--surfaces", surfaces);
    List<Optimizer> optimizers =
        updaters.stream()
            .distinct()
            .map(u -> new Optimizer(u.label(), rate -> u.create(rate, 0)))
            .toList();
    return new Lab(
        optimizers,
        all ? List.of(Signal.values()) : distinct(signals),
        all ? List.of(Surface.values()) : distinct(surfaces),
        steps,
        learningRate);
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
