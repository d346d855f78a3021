package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ISchedule;

/** The short constructors that optimizers with a weight decay share. No default is 0.03 or 0.04. */
class UsualConstructorsTest {
  private static final ISchedule SCHEDULE = UpdaterContract.SCHEDULE;

  /** These take other numbers, and have tests of their own. */
  private static final Set<Class<?>> OTHERS = Set.of(AdaBound.class, AveragedNesterovs.class);

  static Stream<Class<? extends UpdaterConfiguration>> types() {
    return Arrays.stream(NamedOptimizer.values())
        .<Class<? extends UpdaterConfiguration>>map(
            optimizer -> optimizer.create(optimizer.usualLearningRate(), 0).getClass())
        .distinct()
        .filter(type -> !OTHERS.contains(type));
  }

  private static DecayingUpdater.Builder<?> builder(Class<?> type)
      throws ReflectiveOperationException {
    return (DecayingUpdater.Builder<?>) type.getMethod("builder").invoke(null);
  }

  private static Object made(Class<?> type, double learningRate, double weightDecay)
      throws ReflectiveOperationException {
    return type.getConstructor(double.class, double.class).newInstance(learningRate, weightDecay);
  }

  private static Object made(Class<?> type, ISchedule learningRate, double weightDecay)
      throws ReflectiveOperationException {
    return type.getConstructor(ISchedule.class, double.class)
        .newInstance(learningRate, weightDecay);
  }

  private static Object made(Class<?> type, ISchedule learningRate)
      throws ReflectiveOperationException {
    return type.getConstructor(ISchedule.class).newInstance(learningRate);
  }

  @ParameterizedTest
  @MethodSource("types")
  void keepOtherDefaults(Class<?> type) throws ReflectiveOperationException {
    assertThat(type.getConstructor().newInstance()).isEqualTo(builder(type).build());
    assertThat(type.getConstructor(double.class).newInstance(0.03))
        .isEqualTo(builder(type).learningRate(0.03).build());
    assertThat(made(type, SCHEDULE))
        .isEqualTo(builder(type).learningRateSchedule(SCHEDULE).build());
    assertThat(made(type, 0.03, 0.04))
        .isEqualTo(builder(type).learningRate(0.03).weightDecay(0.04).build());
    assertThat(made(type, SCHEDULE, 0.04))
        .isEqualTo(builder(type).learningRateSchedule(SCHEDULE).weightDecay(0.04).build());
  }

  private interface Making {
    Object make() throws ReflectiveOperationException;
  }

  @ParameterizedTest
  @MethodSource("types")
  void refuseANullSchedule(Class<?> type) {
    for (Making making :
        new Making[] {() -> made(type, (ISchedule) null), () -> made(type, null, 0)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> unwrapped(making))
          .withMessage("learningRate must not be null");
    }
  }

  private static void unwrapped(Making making) throws Throwable {
    try {
      making.make();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
