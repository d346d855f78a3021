package org.dl4jx.examples;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;
import static org.dl4jx.schedules.checks.Argument.rate;

import org.dl4jx.schedules.WarmupCosineSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * What all updaters of a comparison have in common. Its errors name the options by which a user
 * sets it.
 *
 * @param learningRate null for the usual one of each updater
 */
record TrainingPlan(
    int trainExamples,
    int epochs,
    int batchSize,
    long seed,
    Double learningRate,
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
}
