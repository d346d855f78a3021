package org.dl4jx.schedules;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A schedule that counts iterations or epochs, and says which.
 *
 * <p>Deeplearning4j counts an epoch when {@code fit(iterator)} ends a pass over the data, or when
 * {@code incrementEpochCount()} is called. So a schedule by {@code EPOCH} that warms up from 0
 * trains nothing in the whole first epoch, and nothing ever in a loop of {@code fit(dataSet)} or
 * inside {@code pretrain}, where no epoch ends. Count by {@code ITERATION} instead, or start above
 * 0.
 *
 * <p>{@link WarmupSchedule} and {@link SequenceSchedule} refuse to hold a schedule of the other
 * type, since they shift only what they count themselves. A schedule of your own that implements
 * this interface is checked like those of this package and Deeplearning4j's; any other is let
 * through.
 */
public interface TypedSchedule extends ISchedule {
  /**
   * What it counts.
   *
   * @return whether a step is an iteration or an epoch
   */
  ScheduleType type();
}
