package org.dl4jx.workbench.experiment;

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
 * @param learningRate the highest one of a run
 * @param weightDecay 0 for updaters without weight decay
 */
public record Candidate(
    NamedUpdater updater, ScheduleNotation schedule, double learningRate, double weightDecay) {
  private static final int LONGEST_NAME = 60;

  /** Checks the numbers. */
  public Candidate {
    positive("learningRate", learningRate);
    notNegative("weightDecay", weightDecay);
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
    positive("learningRate", learningRate);
    notNegative("weightDecay", weightDecay);
    schedule.schedule(length, learningRate);
    return new Candidate(
        updater,
        schedule,
        schedule.peak(length, learningRate),
        updater.decaysWeights() ? weightDecay : 0);
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
    return updater.label() + "." + fileName(schedule.toString());
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
