package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.dl4jx.workbench.experiment.RunResult.Point;
import org.dl4jx.workbench.notation.ScheduleNotation;

/**
 * Checks a run that was read from a file: everything is there, every number is possible, and the
 * numbers fit together. What one number alone may be, the records have checked themselves.
 *
 * @param run the run
 * @param length number of iterations that its settings ask for
 */
record RunCheck(Run run, int length) {
  private static final String MD5 = "[0-9a-f]{32}";
  private static final String SHA256 = "[0-9a-f]{64}";
  private static final List<String> EVALUATED_ON = List.of("test", "validation");

  /**
   * Returns the run.
   *
   * @throws IllegalArgumentException that names what is missing or impossible
   */
  static Run checked(Run run) {
    RunCheck check = new RunCheck(run, run.settings().setup().length().iterations());
    check.setup();
    check.candidate();
    check.environment();
    check.ending();
    check.curves();
    return run;
  }

  private void setup() {
    Setup setup = run.settings().setup();
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

  private void candidate() {
    Candidate candidate = run.settings().candidate();
    ScheduleNotation schedule = candidate.schedule();
    double greatest = candidate.greatestRate(run.settings().setup().length());
    Candidate.representable("the greatest learning rate of " + schedule, greatest);
    check(
        schedule.usesRate() || candidate.learningRate() == greatest,
        "candidate.learningRate",
        candidate.learningRate(),
        greatest + ", as in " + schedule);
    check(
        candidate.updater().decaysWeights() || candidate.weightDecay() == 0,
        "candidate.weightDecay",
        candidate.weightDecay(),
        "0 for " + candidate.updater());
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
          Double.isFinite(given("trainingLoss", result.trainingLoss())),
          "trainingLoss",
          result.trainingLoss(),
          "a finite number");
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

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private void curves() {
    RunResult result = run.result();
    curve("losses", result.losses(), Double::isFinite, "finite");
    curve("learningRates", result.learningRates(), Double::isFinite, "finite");
    curve("accuracies", result.accuracies(), RunCheck::isShare, "in [0, 1]");
    if (!result.isDiverged()) {
      Point end = new Point(length, result.accuracy());
      List<Point> accuracies = result.accuracies();
      check(
          !accuracies.isEmpty() && accuracies.get(accuracies.size() - 1).equals(end),
          "the end of accuracies",
          accuracies.isEmpty() ? "missing" : accuracies.get(accuracies.size() - 1).value(),
          "accuracy = " + result.accuracy());
      check(!result.losses().isEmpty(), "losses", "empty", "a curve");
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
