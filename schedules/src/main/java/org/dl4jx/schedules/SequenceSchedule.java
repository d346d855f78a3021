package org.dl4jx.schedules;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Runs one schedule after another, each from its own zero.
 *
 * <p>With {@code t} the iteration or epoch, counted from 0, the first schedule runs up to the first
 * boundary, the second from there to the second boundary, and so on. Schedule {@code i} is asked
 * for step {@code t - boundary(i - 1)}.
 *
 * <pre>{@code
 * ISchedule schedule = new SequenceSchedule(
 *     ScheduleType.ITERATION,
 *     List.of(new FixedSchedule(0.1), new CosineSchedule(ScheduleType.ITERATION, 0.1, 10, 0)),
 *     List.of(20));
 * schedule.valueAt(19, 0); // 0.1
 * schedule.valueAt(25, 0); // 0.05, step 5 of the cosine
 * schedule.valueAt(30, 0); // 0.0
 * }</pre>
 *
 * <p>Like Optax's {@code join_schedules} and PyTorch's {@code SequentialLR}.
 *
 * @param type whether a step is an iteration or an {@linkplain TypedSchedule epoch}, for all
 *     schedules
 * @param schedules at least one; each of the same type as the sequence, or of none
 * @param boundaries the steps at which the next schedule takes over; one fewer than schedules,
 *     greater than 0 and ascending
 */
public record SequenceSchedule(
    @Given ScheduleType type, @Given List<ISchedule> schedules, @Given List<Integer> boundaries)
    implements TypedSchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public SequenceSchedule {
    given("type", type);
    schedules = Types.atLeastOne("schedules", schedules);
    check(
        boundaries != null
            && boundaries.size() == schedules.size() - 1
            && Step.ascend(boundaries, 1),
        "boundaries",
        boundaries,
        "of length " + (schedules.size() - 1) + " (one fewer than schedules), ascending and > 0");
    for (int i = 0; i < schedules.size(); i++) {
      Types.checkSame(SequenceSchedule.class, type, "schedules[" + i + "]", schedules.get(i));
    }
    boundaries = List.copyOf(boundaries);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    int step = Step.of(type, iteration, epoch);
    int piece = 0;
    int start = 0;
    while (piece < boundaries.size() && step >= boundaries.get(piece)) {
      start = boundaries.get(piece);
      piece++;
    }
    return Step.shifted(schedules.get(piece), type, iteration, epoch, start);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
