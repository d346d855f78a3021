package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;
import static org.dl4jx.schedules.checks.Argument.notNegative;
import static org.dl4jx.schedules.checks.Argument.positive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.RunLength;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What is compared: an updater with its schedule, learning rate and decay.
 *
 * @param updater the updater
 * @param schedule of its learning rate
 * @param learningRate the one that the schedule starts from if it leaves it out, else its greatest
 * @param weightDecay 0 for updaters without weight decay
 */
public record Candidate(
    NamedUpdater updater, ScheduleNotation schedule, double learningRate, double weightDecay) {
  private static final int LONGEST_NAME = 60;

  /** Checks what can be checked without the length of a run. */
  public Candidate {
    given("updater", updater);
    given("schedule", schedule);
    check(
        !schedule.isMomentum(), "schedule", schedule, "one of the learning rate, not of momentum");
    representable("learningRate", learningRate);
    notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns a learning rate if the networks here, whose numbers are floats, can use it. A smaller
   * one would become zero, a greater one infinite.
   *
   * @param name the parameter's name
   * @param rate the learning rate
   * @return {@code rate}
   * @throws IllegalArgumentException if it is outside the range of floats, or NaN
   */
  static double representable(String name, double rate) {
    positive(name, rate);
    return check(
        rate >= Float.MIN_NORMAL && rate <= Float.MAX_VALUE,
        name,
        rate,
        "a number from " + Float.MIN_NORMAL + " to " + Float.MAX_VALUE);
  }

  /**
   * A candidate with the numbers that it will use.
   *
   * @param updater the updater
   * @param schedule of its learning rate
   * @param learningRate for schedules that leave it out
   * @param weightDecay for updaters with weight decay
   * @param length of a run
   * @return the candidate
   */
  public static Candidate of(
      NamedUpdater updater,
      ScheduleNotation schedule,
      double learningRate,
      double weightDecay,
      RunLength length) {
    representable("learningRate", learningRate);
    notNegative("weightDecay", weightDecay);
    double greatest = schedule.greatest(length, learningRate);
    representable("the greatest learning rate of " + schedule, greatest);
    return new Candidate(
        updater,
        schedule,
        schedule.usesRate() ? learningRate : greatest,
        updater.decaysWeights() ? weightDecay : 0);
  }

  /**
   * The greatest learning rate of a run. It is not {@link #learningRate} if the schedule scales
   * that or starts elsewhere.
   *
   * @param length of the run
   * @return the rate
   */
  public double greatestRate(RunLength length) {
    return schedule.greatest(length, learningRate);
  }

  IUpdater create(RunLength length) {
    return updater.create(schedule, learningRate, weightDecay, length);
  }

  /**
   * Its name in a comparison.
   *
   * @return a name such as {@code adamw, one-cycle}
   */
  @JsonIgnore
  public String label() {
    return updater.label() + ", " + schedule;
  }

  /**
   * A file name for experiments with one learning rate and decay per updater and schedule.
   *
   * @return a name such as {@code adamw.one-cycle}
   */
  @JsonIgnore
  public String key() {
    return fileName(updater.label()) + "." + fileName(schedule.toString());
  }

  /**
   * A file name for experiments with several learning rates and decays per updater and schedule.
   *
   * @return a name such as {@code adamw.one-cycle.rate-0.001.decay-0.01}
   */
  @JsonIgnore
  public String trialKey() {
    return String.format("%s.rate-%s.decay-%s", key(), learningRate, weightDecay);
  }

  /** Any other character has a meaning in some file system. */
  private static String fileName(String text) {
    String plain = text.replaceAll("[^a-z0-9.=-]", "_");
    if (plain.equals(text) && plain.length() <= LONGEST_NAME) {
      return plain;
    }
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(
        "%s-%08x", plain.substring(0, Math.min(LONGEST_NAME, plain.length())), checksum.getValue());
  }
}
