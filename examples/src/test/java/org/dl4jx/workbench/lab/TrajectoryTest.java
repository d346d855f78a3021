package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dl4jx.workbench.lab.Optimizers.ADABOUND;
import static org.dl4jx.workbench.lab.Optimizers.ADAM;
import static org.dl4jx.workbench.lab.Optimizers.AMSGRAD;
import static org.dl4jx.workbench.lab.Optimizers.AVERAGED;
import static org.dl4jx.workbench.lab.Optimizers.DL4J_AMSGRAD;
import static org.dl4jx.workbench.lab.Optimizers.NESTEROVS;
import static org.dl4jx.workbench.lab.Optimizers.SGD;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.dl4jx.workbench.lab.Surface.Point;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;

/** What the page says of the surfaces. */
class TrajectoryTest {
  private static final Map<List<Object>, Trajectory> BEST = new HashMap<>();

  private static Trajectory best(Optimizer optimizer, Surface surface) {
    return BEST.computeIfAbsent(
        List.of(optimizer, surface), key -> RateSearch.best(optimizer, surface, Lab.USUAL_STEPS));
  }

  private static Optimizer named(String name) {
    return Optimizer.of(NamedUpdater.labelled(name));
  }

  @Test
  void everyOneTakesTheSameNumberOfGradients() {
    for (Optimizer optimizer : List.of(SGD, AVERAGED, ADAM)) {
      assertThat(Trajectory.of(optimizer, Surface.VALLEY, 0.001, 30).positions()).hasSize(30);
    }
    assertThat(Trajectory.of(AVERAGED, Surface.VALLEY, 0.001, 30).path()).hasSize(1 + 10);
  }

  @Test
  void theSameRunHasTheSameNumbers() {
    Trajectory one = Trajectory.of(AMSGRAD, Surface.NOISY_QUADRATIC, 0.03, 50);
    Trajectory other = Trajectory.of(AMSGRAD, Surface.NOISY_QUADRATIC, 0.03, 50);

    assertThat(one).isEqualTo(other);
  }

  @Test
  void whatDivergesIsStoppedAndKeepsItsFinitePart() {
    for (Optimizer optimizer : List.of(SGD, NESTEROVS, AVERAGED)) {
      Trajectory diverged = Trajectory.of(optimizer, Surface.ROSENBROCK, 1, 300);

      assertThat(diverged.diverged()).isTrue();
      assertThat(diverged.positions()).hasSizeLessThan(30);
      assertThat(diverged.path()).allSatisfy(p -> assertThat(Math.hypot(p.x(), p.y())).isFinite());
      assertThat(diverged.cells()).contains("diverged");
      assertThat(diverged.summary()).contains("diverged after");
      assertThat(diverged.finalHeight()).isInfinite();
      assertThat(diverged.arrivedAfter()).isEqualTo(-1);
    }
  }

  @Test
  void theBestRateIsTheFirstToArriveOfThoseThatArrive() {
    Trajectory best = best(SGD, Surface.HIMMELBLAU);

    for (double rate : RateSearch.RATES) {
      Trajectory other = Trajectory.of(SGD, Surface.HIMMELBLAU, rate, Lab.USUAL_STEPS);
      assertThat(other.arrivedAfter() < 0 || other.arrivedAfter() >= best.arrivedAfter()).isTrue();
    }
    assertThat(best.arrivedAfter()).isPositive();
  }

  @Test
  void theBestRateOfThoseThatDoNotArriveIsTheLowest() {
    Trajectory best = best(SGD, Surface.ROSENBROCK);

    assertThat(best.arrivedAfter()).isEqualTo(-1);
    for (double rate : RateSearch.RATES) {
      assertThat(Trajectory.of(SGD, Surface.ROSENBROCK, rate, Lab.USUAL_STEPS).finalHeight())
          .isGreaterThanOrEqualTo(best.finalHeight());
    }
  }

  @Test
  void inTheValleyOnlyPlainGradientDescentDoesNotArrive() {
    assertThat(best(SGD, Surface.VALLEY).arrivedAfter()).isEqualTo(-1);
    for (Optimizer optimizer : List.of(NESTEROVS, AVERAGED, ADAM, DL4J_AMSGRAD, ADABOUND)) {
      assertThat(best(optimizer, Surface.VALLEY).arrivedAfter()).isPositive();
    }
  }

  @Test
  void inTheValleyPlainGradientDescentDivergesAboveItsLimit() {
    assertThat(Trajectory.of(SGD, Surface.VALLEY, 0.021, 300).diverged()).isTrue();
    assertThat(Trajectory.of(SGD, Surface.VALLEY, 0.019, 300).values().get(299)).isLessThan(1);
  }

  @Test
  void withoutNoiseAveragedMomentumArrivesThreeTimesAsLate() {
    double ratio =
        (double) best(AVERAGED, Surface.VALLEY).arrivedAfter()
            / best(NESTEROVS, Surface.VALLEY).arrivedAfter();

    assertThat(ratio).isBetween(2.5, 3.5);
  }

  @Test
  void inRosenbrocksValleyAdamArrivesAndPlainGradientDescentIsHalfWay() {
    assertThat(best(ADAM, Surface.ROSENBROCK).arrivedAfter()).isPositive();
    assertThat(best(DL4J_AMSGRAD, Surface.ROSENBROCK).arrivedAfter()).isPositive();
    assertThat(best(SGD, Surface.ROSENBROCK).end().x()).isBetween(0.4, 0.7);
    assertThat(best(NESTEROVS, Surface.ROSENBROCK).end().x()).isBetween(0.8, 0.95);
    assertThat(best(AVERAGED, Surface.ROSENBROCK).end().x())
        .isLessThan(best(SGD, Surface.ROSENBROCK).end().x());
  }

  @Test
  void adamsFirstStepInRosenbrocksValleyIsOneEachWay() {
    Trajectory adam = best(ADAM, Surface.ROSENBROCK);
    Point first = adam.path().get(1);

    assertThat(adam.learningRate()).isEqualTo(1);
    assertThat(first.x() + 1.2).isCloseTo(1, Offset.offset(1e-3));
    assertThat(first.y() - 1).isCloseTo(1, Offset.offset(1e-3));
  }

  @Test
  void theUpdaterDecidesWhichOfHimmelblausMinimaIsFound() {
    double[] start = Surface.HIMMELBLAU.gradient(0.2, -1);
    assertThat(Math.abs(start[0])).isGreaterThan(20 * Math.abs(start[1]));
    for (Optimizer optimizer : List.of(SGD, NESTEROVS, AVERAGED, ADABOUND)) {
      assertThat(best(optimizer, Surface.HIMMELBLAU).end().y()).isNegative();
    }
    for (Optimizer optimizer : List.of(ADAM, DL4J_AMSGRAD, AMSGRAD)) {
      assertThat(best(optimizer, Surface.HIMMELBLAU).end().y()).isGreaterThan(1.9);
    }
  }

  @Test
  void onBealesLevelGroundMomentumIsFasterThanPlainGradientDescent() {
    assertThat(best(SGD, Surface.BEALE).arrivedAfter())
        .isGreaterThan(3 * best(NESTEROVS, Surface.BEALE).arrivedAfter() / 2);
  }

  @Test
  void plainGradientDescentStaysAtTheSaddleLong() {
    assertThat(best(SGD, Surface.SADDLE).path().get(100).y()).isLessThan(0.1);
    assertThat(best(SGD, Surface.SADDLE).arrivedAfter())
        .isGreaterThan(3 * best(NESTEROVS, Surface.SADDLE).arrivedAfter());
  }

  @Test
  void adamAndAmsGradDoNotComeNearTheSaddle() {
    for (Optimizer optimizer : List.of(ADAM, DL4J_AMSGRAD, AMSGRAD)) {
      assertThat(best(optimizer, Surface.SADDLE).path())
          .allSatisfy(p -> assertThat(Math.hypot(p.x(), p.y())).isGreaterThan(0.7));
    }
  }

  @Test
  void someStayInALocalMinimumAndSomeLeaveIt() {
    Trajectory plain = best(SGD, Surface.LOCAL_MINIMA);
    double[] gradient = Surface.LOCAL_MINIMA.gradient(plain.end().x(), plain.end().y());

    assertThat(plain.finalHeight()).isGreaterThan(0.9);
    assertThat(Math.hypot(gradient[0], gradient[1])).isLessThan(1e-6);
    for (String name : List.of("adagrad", "dl4j-adagrad", "adadelta", "schedule-free-adamw")) {
      Point end = best(named(name), Surface.LOCAL_MINIMA).end();
      assertThat(Math.hypot(end.x() - plain.end().x(), end.y() - plain.end().y())).isLessThan(0.01);
    }
    for (Optimizer optimizer : List.of(NESTEROVS, AVERAGED, ADAM, AMSGRAD, ADABOUND)) {
      assertThat(best(optimizer, Surface.LOCAL_MINIMA).arrivedAfter()).isPositive();
    }
    for (String name : List.of("rmsprop", "lion", "lookahead", "nadamw", "radam", "adabelief")) {
      assertThat(best(named(name), Surface.LOCAL_MINIMA).finalHeight()).isLessThan(0.2);
    }
  }

  @Test
  void onThePlateauOnlyDivisionOrMomentumHelps() {
    double[] start = Surface.PLATEAU.gradient(-4.3, 1.5);
    assertThat(Math.hypot(start[0], start[1])).isBetween(0.5e-4, 2e-4);
    for (String name : List.of("sgd", "nesterovs-averaged", "nesterovs-quarters", "adadelta")) {
      assertThat(best(named(name), Surface.PLATEAU).end().x()).isLessThan(-4);
    }
    assertThat(best(NESTEROVS, Surface.PLATEAU).arrivedAfter()).isGreaterThan(150);
    for (String name : List.of("adam", "adamax", "adagrad", "rmsprop", "lion", "adabelief")) {
      Trajectory best = best(named(name), Surface.PLATEAU);
      assertThat(best.end().x()).isBetween(-0.1, 0.1);
      assertThat(best.path().get(30).x()).isGreaterThan(best.start().x() + 0.5);
    }
  }

  @Test
  void underNoiseAveragedMomentumBearsTripleTheRateAndEndsLower() {
    Trajectory averaged = best(AVERAGED, Surface.NOISY_QUADRATIC);
    Trajectory momentum = best(NESTEROVS, Surface.NOISY_QUADRATIC);

    assertThat(averaged.learningRate()).isEqualTo(0.003);
    assertThat(momentum.learningRate()).isEqualTo(0.001);
    assertThat(averaged.finalHeight()).isLessThan(0.7 * momentum.finalHeight());
  }

  @Test
  void noiseShakesPlainGradientDescentMost() {
    for (Optimizer optimizer : List.of(NESTEROVS, AVERAGED, ADAM, DL4J_AMSGRAD, ADABOUND)) {
      assertThat(length(best(optimizer, Surface.NOISY_QUADRATIC)))
          .isLessThan(0.8 * length(best(SGD, Surface.NOISY_QUADRATIC)));
    }
  }

  private static double length(Trajectory trajectory) {
    double length = 0;
    for (int i = 1; i < trajectory.path().size(); i++) {
      Point from = trajectory.path().get(i - 1);
      Point to = trajectory.path().get(i);
      length += Math.hypot(to.x() - from.x(), to.y() - from.y());
    }
    return length;
  }

  /** So that it does not hang on the one sequence of noise that is drawn. */
  @Test
  void underOtherNoiseAveragedMomentumEndsLowerTooOnAverage() {
    assertThat(meanHeight(AVERAGED, 0.003)).isLessThan(0.9 * meanHeight(NESTEROVS, 0.001));
  }

  private static double meanHeight(Optimizer optimizer, double rate) {
    return LongStream.range(0, 30)
        .mapToObj(
            seed ->
                Trajectory.of(
                    optimizer,
                    Surface.NOISY_QUADRATIC,
                    Surface.NOISY_QUADRATIC.start(),
                    rate,
                    Lab.USUAL_STEPS,
                    seed))
        .mapToDouble(Trajectory::finalHeight)
        .average()
        .orElseThrow();
  }
}
