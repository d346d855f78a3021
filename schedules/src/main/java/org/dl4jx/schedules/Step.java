package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.List;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The pieces that schedules are made of. */
final class Step {
  private Step() {}

  /** The one of the two counts that a schedule follows. */
  static int of(ScheduleType type, int iteration, int epoch) {
    checkCounts(iteration, epoch);
    return type == ScheduleType.ITERATION ? iteration : epoch;
  }

  /** Refuses a negative count, even if the schedule does not follow it. */
  static void checkCounts(int iteration, int epoch) {
    if ((iteration | epoch) < 0) { // one comparison and no boxing in the usual case
      check(iteration >= 0, "iteration", iteration, "a number >= 0");
      check(epoch >= 0, "epoch", epoch, "a number >= 0");
    }
  }

  /**
   * Whether none is null, the first is at least {@code least}, and each is above the one before.
   */
  static boolean ascend(List<Integer> steps, int least) {
    long next = least;
    for (Integer step : steps) {
      if (step == null || step < next) {
        return false;
      }
      next = step + 1L;
    }
    return true;
  }

  /** The value of a schedule whose own zero is at step {@code start}. */
  static double shifted(
      ISchedule schedule, ScheduleType type, int iteration, int epoch, int start) {
    return type == ScheduleType.ITERATION
        ? schedule.valueAt(iteration - start, epoch)
        : schedule.valueAt(iteration, epoch - start);
  }

  /** From {@code start} to {@code end} along a straight line, at a fraction from 0 to 1. */
  static double line(double start, double end, double share) {
    return start + (end - start) * share;
  }

  /** From 1 to 0 with the fraction that is left: a line for {@code bend} 0, above it for more. */
  static double bent(double bend, double left) {
    return left / (1 - bend + bend * left);
  }

  /** From {@code start} to {@code end} along half a cosine, at a fraction from 0 to 1. */
  static double cosine(double start, double end, double share) {
    return end + (start - end) * ((1 + Math.cos(Math.PI * share)) / 2);
  }
}
