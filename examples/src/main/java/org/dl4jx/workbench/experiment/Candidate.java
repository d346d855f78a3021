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
 * @param learningRate the greatest one in a run
 * @param weightDecay 0 for updaters that have none
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
   * A candidate whose numbers are filled in.
   *
   * @param updater the updater
   * @param schedule of its learning rate
   * @param learningRate for schedules that leave it to the updater
   * @param weightDecay for updaters that have one
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
   * What tells it from the others of a comparison.
   *
   * @return a name such as {@code adamw, one-cycle}
   */
  @JsonIgnore
  public String label() {
    return updater.label() + ", " + schedule;
  }

  /**
   * A name for files, for where there is one learning rate and decay an updater and schedule.
   *
   * @return a name such as {@code adamw.one-cycle}
   */
  @JsonIgnore
  public String key() {
    return updater.label() + "." + fileName(schedule.toString());
  }

  /**
   * A name for files that tells learning rates and decays apart as well.
   *
   * @return a name such as {@code adamw.one-cycle.rate-0.001.decay-0.01}
   */
  @JsonIgnore
  public String trialKey() {
    return String.format("%s.rate-%s.decay-%s", key(), learningRate, weightDecay);
  }

  /** Other characters than these mean something to one file system or another. */
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
