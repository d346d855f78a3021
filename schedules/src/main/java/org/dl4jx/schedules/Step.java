package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What schedules are made of. */
final class Step {
  private Step() {}

  /** The number that a schedule counts by, of two that are not negative. */
  static int of(ScheduleType type, int iteration, int epoch) {
    checkCounts(iteration, epoch);
    return type == ScheduleType.ITERATION ? iteration : epoch;
  }

  /** Refuses a negative count, also where the schedule does not follow it. */
  static void checkCounts(int iteration, int epoch) {
    if ((iteration | epoch) < 0) { // one comparison, and no boxed numbers where all is well
      check(iteration >= 0, "iteration", iteration, "a number >= 0");
      check(epoch >= 0, "epoch", epoch, "a number >= 0");
    }
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
