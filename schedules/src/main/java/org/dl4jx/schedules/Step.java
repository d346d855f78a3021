package org.dl4jx.schedules;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What schedules are made of. */
final class Step {
  private Step() {}

  /** The number that a schedule counts by. */
  static int of(ScheduleType type, int iteration, int epoch) {
    return type == ScheduleType.ITERATION ? iteration : epoch;
  }

  /** The value of a schedule that starts from its own zero at step {@code start} of this type. */
  static double shifted(
      ISchedule schedule, ScheduleType type, int iteration, int epoch, int start) {
    return type == ScheduleType.ITERATION
        ? schedule.valueAt(iteration - start, epoch)
        : schedule.valueAt(iteration, epoch - start);
  }

  /** From {@code start} to {@code end} along a straight line, at a share from 0 to 1. */
  static double line(double start, double end, double share) {
    return start + (end - start) * share;
  }

  /** From {@code start} to {@code end} along half a cosine, at a share from 0 to 1. */
  static double cosine(double start, double end, double share) {
    return end + (start - end) * (1 + Math.cos(Math.PI * share)) / 2;
  }
}
