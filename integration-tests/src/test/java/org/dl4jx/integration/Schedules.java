package org.dl4jx.integration;

import java.util.List;
import org.dl4jx.schedules.CosineRestartsSchedule;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.schedules.CyclicalSchedule;
import org.dl4jx.schedules.DemonSchedule;
import org.dl4jx.schedules.InverseSquareRootSchedule;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.schedules.PiecewiseInterpolationSchedule;
import org.dl4jx.schedules.PolynomialDecaySchedule;
import org.dl4jx.schedules.PowerDecaySchedule;
import org.dl4jx.schedules.ProductSchedule;
import org.dl4jx.schedules.RexSchedule;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.schedules.SequenceSchedule;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.schedules.WarmupSchedule;
import org.dl4jx.schedules.WarmupStableDecaySchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Every schedule of dl4jx, some with several settings. */
public final class Schedules {
  private Schedules() {}

  /**
   * The schedules.
   *
   * @return rates of about 0.01, over about 20 steps
   */
  public static List<ISchedule> all() {
    ScheduleType type = ScheduleType.ITERATION;
    CosineSchedule cosine = new CosineSchedule(type, 0.01, 20, 0.001);
    OneCycleSchedule cycle = new OneCycleSchedule(type, 0.01, 20);
    return List.of(
        new WarmupCosineSchedule(type, 0.01, 5, 20),
        cosine,
        cycle,
        OneCycleSchedule.builder(type, 0.01, 20)
            .anneal(OneCycleSchedule.Anneal.LINEAR)
            .threePhase(true)
            .build(),
        cycle.momentum(0.85, 0.95),
        new CyclicalSchedule(type, CyclicalSchedule.Mode.EXPONENTIAL_RANGE, 0.001, 0.01, 3, 4, 0.9),
        new CosineRestartsSchedule(type, 0.01, 5, 2, 0.5, 0.001),
        new PolynomialDecaySchedule(type, 0.01, 20, 2, 0),
        new PolynomialDecaySchedule(type, 0.01, 5, 2, 0, true),
        new RexSchedule(type, 0.01, 20, 0.001),
        new InverseSquareRootSchedule(type, 0.01, 5),
        new PowerDecaySchedule(type, 0.01, 0.1, 0.5),
        new WarmupStableDecaySchedule(type, 0.01, 5, 5, 20, 0),
        new WarmupStableDecaySchedule(
            type, 0.01, 2, 5, 10, 0, WarmupStableDecaySchedule.Cooldown.ONE_MINUS_SQUARE_ROOT),
        new PiecewiseInterpolationSchedule(
            type,
            List.of(0, 5, 20),
            List.of(0.001, 0.01, 0.0),
            PiecewiseInterpolationSchedule.Interpolation.COSINE),
        new DemonSchedule(type, 0.9, 20),
        new WarmupSchedule(type, WarmupSchedule.Mode.CONSTANT, 0.002, 5, cosine),
        new WarmupSchedule(
            ScheduleType.EPOCH,
            2,
            new ScaledSchedule(0.5, new OneCycleSchedule(ScheduleType.EPOCH, 0.01, 20))),
        WarmupSchedule.untunedExponential(type, 0.9, cosine),
        new ProductSchedule(List.of(cosine, new CosineSchedule(ScheduleType.EPOCH, 0.5, 20, 0))),
        new SequenceSchedule(type, List.of(cosine, new ScaledSchedule(0.1, cycle)), List.of(8)));
  }
}
