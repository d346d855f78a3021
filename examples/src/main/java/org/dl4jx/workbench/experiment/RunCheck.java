package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.dl4jx.workbench.experiment.RunResult.AtAverage;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.NamedAverage;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Checks a run that was read from a file: everything is there, every number is possible, and the
 * numbers fit together. What one number alone may be, the records have checked themselves.
 *
 * @param run the run
 * @param setup of the run
 * @param length number of iterations that its settings ask for
 */
record RunCheck(Run run, Setup setup, int length) {
  private static final String MD5 = "[0-9a-f]{32}";
  private static final String SHA256 = "[0-9a-f]{64}";
  private static final String LOSS = "a number from 0 to " + Float.MAX_VALUE;
  private static final List<String> EVALUATED_ON = List.of("test", "validation");

  /** The program may compute a schedule on another machine than before. */
  private static final double ROUNDING = 1e-12;

  /**
   * Returns the run.
   *
   * @throws IllegalArgumentException that names what is missing or impossible
   */
  static Run checked(Run run) {
    Setup setup = run.settings().setup();
    RunCheck check = new RunCheck(run, setup, setup.length().iterations());
    checkSetup(setup);
    checkCandidate(run.settings().candidate(), setup);
    check.environment();
    check.ending();
    check.curves();
    return run;
  }

  static void checkSetup(Setup setup) {
    given("setup.data", setup.data());
    given("setup.model", setup.model());
    matches("setup.trainMd5", setup.trainMd5(), MD5, "an MD5");
    matches("setup.evaluationMd5", setup.evaluationMd5(), MD5, "an MD5");
    check(
        EVALUATED_ON.contains(String.valueOf(setup.evaluatedOn())),
        "setup.evaluatedOn",
        setup.evaluatedOn(),
        "one of " + EVALUATED_ON);
    check(
        setup.evaluationExamples() >= 1,
        "setup.evaluationExamples",
        setup.evaluationExamples(),
        "a number >= 1");
  }

  static void checkCandidate(Candidate candidate, Setup setup) {
    ScheduleNotation schedule = candidate.schedule();
    double greatest = candidate.greatestRate(setup.length());
    Candidate.representable("the greatest learning rate of " + schedule, greatest);
    check(
        schedule.usesRate() || isNear(candidate.learningRate(), greatest),
        "candidate.learningRate",
        candidate.learningRate(),
        greatest + ", as in " + schedule);
    check(
        candidate.updater().decaysWeights() || candidate.weightDecay() == 0,
        "candidate.weightDecay",
        candidate.weightDecay(),
        "0 for " + candidate.updater());
  }

  private static boolean isNear(double a, double b) {
    return Math.abs(a - b) <= ROUNDING * Math.abs(b);
  }

  private void environment() {
    complete("environment.versions", run.environment().versions());
    complete("environment.machine", run.environment().machine());
    given("configuration", run.configuration());
    check(
        run.configuration().isObject(), "configuration", run.configuration(), "that of a network");
    try {
      Instant.parse(given("finished", run.finished()));
    } catch (DateTimeParseException e) {
      check(false, "finished", run.finished(), "a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static void complete(String name, Map<String, String> values) {
    given(name, values).forEach((key, value) -> given(name + "." + key, value));
  }

  private void ending() {
    RunResult result = run.result();
    notNegative("seconds", result.seconds());
    notNegative("millisecondsPerIteration", result.millisecondsPerIteration());
    matches("initialSha256", result.initialSha256(), SHA256, "a SHA-256");
    if (result.isDiverged()) {
      check(
          result.iterations() >= 1 && result.iterations() <= length,
          "iterations",
          result.iterations(),
          "a number from 1 to " + length);
      check(
          result.divergedAt() == result.iterations(),
          "divergedAt",
          result.divergedAt(),
          "the last iteration, " + result.iterations());
      absent("trainingLoss", result.trainingLoss());
      absent("accuracy", result.accuracy());
      absent("finalSha256", result.finalSha256());
    } else {
      check(
          result.iterations() == length,
          "iterations",
          result.iterations(),
          length + ", as the settings say");
      check(
          isLoss(given("trainingLoss", result.trainingLoss())),
          "trainingLoss",
          result.trainingLoss(),
          LOSS);
      check(
          isShare(given("accuracy", result.accuracy())),
          "accuracy",
          result.accuracy(),
          "in [0, 1]");
      matches("finalSha256", result.finalSha256(), SHA256, "a SHA-256");
    }
  }

  private static void absent(String name, Object value) {
    check(value == null, name, value, "null if the run diverged");
  }

  private static void matches(String name, String value, String pattern, String what) {
    check(given(name, value).matches(pattern), name, value, what);
  }

  /** The mean of losses that networks of floats have. */
  private static boolean isLoss(double value) {
    return value >= 0 && value <= Float.MAX_VALUE;
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private void curves() {
    RunResult result = run.result();
    curve("losses", result.losses(), RunCheck::isLoss, LOSS);
    curve("learningRates", result.learningRates(), Double::isFinite, "finite");
    curve("accuracies", result.accuracies(), RunCheck::isShare, "in [0, 1]");
    rates(result);
    if (!result.isDiverged()) {
      Point end = new Point(length, result.accuracy());
      List<Point> accuracies = result.accuracies();
      count("accuracies", accuracies.size(), setup.evaluations());
      count("losses", result.losses().size(), LossCurve.points(length));
      check(
          accuracies.get(accuracies.size() - 1).equals(end),
          "the end of accuracies",
          accuracies.get(accuracies.size() - 1).value(),
          "accuracy = " + result.accuracy());
    }
    averages(result);
  }

  /** They are measured when the weights themselves are. */
  private void averages(RunResult result) {
    List<NamedAverage> expected = result.isDiverged() ? List.of() : setup.averages();
    List<NamedAverage> measured =
        given("averages", result.averages()).stream()
            .map(average -> given("an average", average).average())
            .toList();
    check(measured.equals(expected), "averages", measured, expected + ", as the settings say");
    for (AtAverage average : result.averages()) {
      String name = "accuracies at " + average.average();
      curve(name, average.accuracies(), RunCheck::isShare, "in [0, 1]");
      check(
          iterations(average.accuracies()).equals(iterations(result.accuracies())),
          "the iterations of " + name,
          iterations(average.accuracies()),
          "those of accuracies, " + iterations(result.accuracies()));
      Point end = average.accuracies().get(average.accuracies().size() - 1);
      check(
          end.value() == average.accuracy(),
          "the end of " + name,
          end.value(),
          "accuracy = " + average.accuracy());
    }
  }

  private static List<Integer> iterations(List<Point> points) {
    return points.stream().map(Point::iteration).toList();
  }

  private static void count(String name, int found, int expected) {
    check(found == expected, "the number of " + name, found, "" + expected);
  }

  /** They follow from the schedule. */
  private void rates(RunResult result) {
    count("learningRates", result.learningRates().size(), result.losses().size());
    Candidate candidate = run.settings().candidate();
    ISchedule schedule = candidate.schedule().schedule(setup.length(), candidate.learningRate());
    for (int i = 0; i < result.losses().size(); i++) {
      int iteration = result.losses().get(i).iteration();
      Point rate = result.learningRates().get(i);
      double expected = schedule.valueAt(iteration - 1, setup.length().epoch(iteration - 1));
      check(
          rate.iteration() == iteration && isNear(rate.value(), expected),
          "a point of learningRates",
          rate.iteration() + ", " + rate.value(),
          iteration + ", " + expected + ", as in " + candidate.schedule());
    }
  }

  private void curve(String name, List<Point> points, DoublePredicate allowed, String range) {
    int before = 0;
    for (Point point : given(name, points)) {
      given("a point of " + name, point);
      check(
          point.iteration() > before && point.iteration() <= run.result().iterations(),
          "an iteration of " + name,
          point.iteration(),
          "a number from " + (before + 1) + " to " + run.result().iterations());
      check(allowed.test(point.value()), "a value of " + name, point.value(), range);
      before = point.iteration();
    }
  }
}
