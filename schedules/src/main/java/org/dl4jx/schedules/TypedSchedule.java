package org.dl4jx.schedules;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A schedule that counts iterations or epochs, and says which.
 *
 * <p>Deeplearning4j counts an epoch when {@code fit(iterator)} finishes a pass over the data, or
 * when you call {@code incrementEpochCount()}. So a schedule by {@code EPOCH} that warms up from 0
 * trains nothing in the first epoch. It trains nothing at all in a loop over {@code fit(dataSet)}
 * or inside {@code pretrain}, where no epoch ever ends. Count by {@code ITERATION} instead, or
 * start above 0.
 *
 * <p>{@link WarmupSchedule} and {@link SequenceSchedule} shift only what they count themselves, so
 * they refuse a schedule of the other type. That includes Deeplearning4j's schedules, and your own
 * if they implement this interface. Any other schedule is accepted.
 *
 * <pre>{@code
 * record Halving(ScheduleType type, double initial) implements TypedSchedule {
 *   public double valueAt(int iteration, int epoch) {
 *     return initial / Math.pow(2, type == ScheduleType.EPOCH ? epoch : iteration);
 *   }
 *
 *   public ISchedule clone() {
 *     return this;
 *   }
 * }
 *
 * ISchedule halving = new Halving(ScheduleType.EPOCH, 0.1);
 * halving.valueAt(469, 1); // 0.05
 * new WarmupSchedule(ScheduleType.EPOCH, 5, halving).valueAt(2814, 6); // 0.05
 * new WarmupSchedule(ScheduleType.ITERATION, 5, halving); // throws IllegalArgumentException
 * }</pre>
 */
public interface TypedSchedule extends ISchedule {
  /**
   * What this schedule counts.
   *
   * @return whether a step is an iteration or an epoch
   */
  ScheduleType type();
}
