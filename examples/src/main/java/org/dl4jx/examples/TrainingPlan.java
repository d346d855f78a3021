package org.dl4jx.examples;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;
import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.stream.IntStream;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * What all updaters of a comparison have in common. Its errors name the options by which a user
 * sets it.
 *
 * @param learningRate null for the usual one of each updater, or with {@code schedule}
 * @param schedule of the learning rate, for all updaters; null for the usual one of each
 */
record TrainingPlan(
    int trainExamples,
    int epochs,
    int batchSize,
    long seed,
    Double learningRate,
    ScheduleNotation schedule,
    double weightDecay,
    double warmup) {

  TrainingPlan {
    check(trainExamples >= 1, "--train-examples", trainExamples, "a number >= 1");
    check(epochs >= 1, "--epochs", epochs, "a number >= 1");
    check(batchSize >= 1, "--batch-size", batchSize, "a number >= 1");
    if (learningRate != null) {
      positive("--learning-rate", learningRate);
    }
    notNegative("--weight-decay", weightDecay);
    rate("--warmup", warmup);
    long iterations = (long) epochs * ((trainExamples - 1L) / batchSize + 1);
    check(iterations <= Integer.MAX_VALUE, "--epochs", epochs, "at most 2^31 - 1 iterations");
    if (schedule != null) {
      schedule.schedule((int) iterations, epochs);
    }
  }

  int iterationsPerEpoch() {
    return (trainExamples - 1) / batchSize + 1;
  }

  int iterations() {
    return epochs * iterationsPerEpoch();
  }

  int warmupIterations() {
    return (int) (warmup * iterations());
  }

  WarmupCosineSchedule warmupCosine(double peak) {
    return new WarmupCosineSchedule(ScheduleType.ITERATION, peak, warmupIterations(), iterations());
  }

  /** The schedule for all updaters; null if each has its own. */
  ISchedule learningRates() {
    return schedule == null ? null : schedule.schedule(iterations(), epochs);
  }

  /** The greatest value that the schedule for all updaters has in the run. */
  double greatestLearningRate() {
    ISchedule rates = learningRates();
    return IntStream.range(0, iterations())
        .mapToDouble(i -> rates.valueAt(i, i / iterationsPerEpoch()))
        .max()
        .orElseThrow();
  }
}
