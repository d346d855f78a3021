package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.refusal;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

/** Checks the schedules that another one contains, and what they count. */
final class Types {
  private Types() {}

  /**
   * Copies a list of schedules.
   *
   * @param name the parameter's name
   * @param schedules the list given
   * @return the copy
   * @throws IllegalArgumentException if it is null or empty or has a null
   */
  static List<ISchedule> atLeastOne(String name, List<ISchedule> schedules) {
    check(
        schedules != null && !schedules.isEmpty() && schedules.stream().noneMatch(s -> s == null),
        name,
        schedules,
        "a list of at least one schedule, none of them null");
    return List.copyOf(schedules);
  }

  /**
   * Refuses a schedule that does not count what the one that contains it counts.
   *
   * @param holder class of the schedule that contains it
   * @param type what that one counts
   * @param name the parameter's name
   * @param schedule the schedule inside
   * @throws IllegalArgumentException if it, or a schedule in it, is of the other type
   */
  static void checkSame(Class<?> holder, ScheduleType type, String name, ISchedule schedule) {
    ISchedule odd = other(type, schedule);
    if (odd != null) {
      ScheduleType its =
          type == ScheduleType.ITERATION ? ScheduleType.EPOCH : ScheduleType.ITERATION;
      String where = odd == schedule ? "" : " in " + schedule.getClass().getSimpleName();
      throw new IllegalArgumentException(
          refusal(
              name,
              "of type " + its + " (" + odd.getClass().getSimpleName() + where + ")",
              "of type " + type + " like this " + holder.getSimpleName()));
    }
  }

  /** This schedule or the one inside it, if it is of the other type; otherwise null. */
  private static ISchedule other(ScheduleType type, ISchedule schedule) {
    if (schedule instanceof ScaledSchedule scaled) {
      return other(type, scaled.schedule());
    }
    if (schedule instanceof ProductSchedule product) {
      return product.schedules().stream()
          .map(factor -> other(type, factor))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
    if (schedule instanceof RampSchedule ramp) {
      return type == ScheduleType.ITERATION ? other(type, base(ramp)) : ramp;
    }
    ScheduleType declared = declared(schedule);
    return declared == null || declared == type ? null : schedule;
  }

  /** Null if the schedule does not say, or does not count, like {@code FixedSchedule}. */
  private static ScheduleType declared(ISchedule schedule) {
    if (schedule instanceof TypedSchedule typed) {
      return typed.type();
    }
    if (schedule instanceof CycleSchedule cycle) {
      return cycle.getScheduleType();
    }
    if (schedule instanceof ExponentialSchedule exponential) {
      return exponential.getScheduleType();
    }
    if (schedule instanceof InverseSchedule inverse) {
      return inverse.getScheduleType();
    }
    if (schedule instanceof MapSchedule map) {
      return map.getScheduleType();
    }
    if (schedule instanceof PolySchedule poly) {
      return poly.getScheduleType();
    }
    if (schedule instanceof SigmoidSchedule sigmoid) {
      return sigmoid.getScheduleType();
    }
    if (schedule instanceof StepSchedule step) {
      return step.getScheduleType();
    }
    return null;
  }

  /** The schedule inside, for which Deeplearning4j has no getter; null if Java denies access. */
  private static ISchedule base(RampSchedule ramp) {
    try {
      Field field = RampSchedule.class.getDeclaredField("baseSchedule");
      field.setAccessible(true);
      return (ISchedule) field.get(ramp);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }
}
