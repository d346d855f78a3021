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
import java.util.stream.Stream;
import org.dl4jx.workbench.notation.ScheduleForm;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.dl4jx.workbench.report.Curve;
import org.dl4jx.workbench.report.CurveChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws schedules in the terminal and as pictures. */
@Command(
    name = "schedules",
    description =
        "Draws learning-rate and momentum schedules, to look at before training with them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class SchedulesCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 10_000_000;
  private static final String ALL_PNG = "schedules.png";
  private static final String ALL_SVG = "schedules.svg";

  @Spec private CommandSpec spec;

  @Option(
      names = "--schedule",
      paramLabel = "<schedule>",
      converter = ScheduleNotation.Converter.class,
      completionCandidates = Forms.class,
      description =
          "A schedule to draw; may be given several times. Default: one of each kind. Known:"
              + " ${COMPLETION-CANDIDATES}. Anything in brackets may be left out: steps stands for"
              + " --steps, rate for 1, and share for a tenth of the steps")
  private List<ScheduleNotation> schedules;

  @Option(
      names = "--steps",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "Number of iterations or epochs to draw. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Option(names = "--log", description = "Use a logarithmic axis for the values")
  private boolean logarithmic;

  @Option(
      names = "--output",
      paramLabel = "<dir>",
      description = "Folder for a picture of all schedules: schedules.png and schedules.svg")
  private Path output;

  @Option(
      names = "--each",
      description = "Also draw a small picture of each schedule, such as one-cycle.png")
  private boolean each;

  @Override
  public Integer call() throws IOException {
    List<Curve> curves = Usage.checked(spec, this::curves);
    if (output == null) {
      print(curves);
      return ExitCode.OK;
    }
    Map<String, Curve> small = each ? named(curves) : Map.of();
    List<String> files =
        Stream.concat(Stream.of(ALL_PNG, ALL_SVG), small.keySet().stream()).toList();
    OutputFolder.check(output, files);
    print(curves);
    CurveChart chart = CurveChart.of(curves, logarithmic);
    chart.writePng(output.resolve(ALL_PNG));
    chart.writeSvg(output.resolve(ALL_SVG));
    for (Map.Entry<String, Curve> file : small.entrySet()) {
      CurveChart.of(file.getValue(), logarithmic).writePng(output.resolve(file.getKey()));
    }
    return ExitCode.OK;
  }

  private void print(List<Curve> curves) {
    PrintWriter out = spec.commandLine().getOut();
    for (Curve curve : curves) {
      out.println(curve.notation());
      out.print(curve.toText(logarithmic));
      out.println(curve.summary());
      out.println();
    }
    out.flush();
  }

  private List<Curve> curves() {
    List<ScheduleNotation> notations =
        schedules == null
            ? Arrays.stream(ScheduleForm.values()).map(ScheduleForm::example).toList()
            : schedules;
    check(steps >= 1 && steps <= MOST_STEPS, "--steps", steps, "a number from 1 to " + MOST_STEPS);
    check(!each || output != null, "--output", "not given", "a folder with --each");
    List<Curve> curves = notations.stream().map(n -> Curve.of(n, steps)).toList();
    for (Curve curve : curves) {
      check(
          Arrays.stream(curve.values()).allMatch(Double::isFinite),
          "--schedule",
          curve.notation(),
          "one with finite values");
      check(
          !logarithmic || curve.greatest() > 0,
          "--schedule",
          curve.notation(),
          "one with a value > 0 for --log");
    }
    return curves;
  }

  /** The names of the small pictures. The second schedule of a form is one-cycle-2.png. */
  private static Map<String, Curve> named(List<Curve> curves) {
    Map<String, Curve> named = new LinkedHashMap<>();
    for (Curve curve : curves) {
      String label = curve.notation().form().label();
      String name = label + ".png";
      for (int count = 2; named.containsKey(name); count++) {
        name = label + "-" + count + ".png";
      }
      named.put(name, curve);
    }
    return named;
  }

  /** All forms, for the help. */
  static final class Forms extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Forms() {
      for (ScheduleForm form : ScheduleForm.values()) {
        add(form.form());
      }
    }
  }
}
