package org.dl4jx.schedules;

import java.util.List;
import org.dl4jx.schedules.checks.Given;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Multiplies schedules with each other, for example a decay by iteration with drops by epoch.
 *
 * <pre>
 * schedules[0](iteration, epoch) · schedules[1](iteration, epoch) · …
 * </pre>
 *
 * <pre>{@code
 * ISchedule cosine = new CosineSchedule(ScheduleType.ITERATION, 0.1, 1000, 0);
 * ISchedule halving = new StepSchedule(ScheduleType.EPOCH, 1, 0.5, 1);
 * ISchedule schedule = new ProductSchedule(List.of(cosine, halving));
 * schedule.valueAt(0, 0);   // 0.1
 * schedule.valueAt(500, 0); // 0.05
 * schedule.valueAt(500, 1); // 0.025
 * }</pre>
 *
 * <p>Each schedule counts what it counts on its own; they need not agree. Like PyTorch's {@code
 * ChainedScheduler}, but there the learning rate of the optimizer is one more factor.
 *
 * @param schedules at least one, of any kind
 */
public record ProductSchedule(@Given List<ISchedule> schedules) implements ISchedule {

  /**
   * Creates the schedule.
   *
   * @throws IllegalArgumentException if the list is null or empty or has a null, naming it
   */
  public ProductSchedule {
    schedules = Types.atLeastOne("schedules", schedules);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    Step.checkCounts(iteration, epoch);
    double product = 1;
    for (int i = 0; i < schedules.size(); i++) { // an iterator would be allocated
      double factor = schedules.get(i).valueAt(iteration, epoch);
      if (factor == 0) {
        return 0; // even if the others overflow
      }
      product *= factor;
    }
    return product;
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
