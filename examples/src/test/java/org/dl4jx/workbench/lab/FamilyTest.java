package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ListAssert;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.lab.Scene.OnSignal;
import org.dl4jx.workbench.lab.Scene.OnSurface;
import org.dl4jx.workbench.lab.Surface.Point;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page says of the families. The members are numbered as in {@link Family}. */
class FamilyTest {
  private static final int SPIKE = 500;
  private static final int NEXT_SPIKE = 2500;

  private static final Map<List<Object>, Response> RESPONSES = new HashMap<>();
  private static final Map<List<Object>, Trajectory> PATHS = new HashMap<>();

  private static final Map<List<Object>, Double> MEANS = new HashMap<>();

  private static Response response(Family family, int member, Signal signal) {
    assertThat(family.scenes().stream().map(Scene::label)).contains(signal.label());
    NamedUpdater updater = family.members().get(member);
    return RESPONSES.computeIfAbsent(
        List.of(updater, signal), key -> Response.of(Optimizer.of(updater), signal));
  }

  private static List<Double> update(Family family, int member, Signal signal) {
    return response(family, member, signal).update();
  }

  private static Trajectory path(Family family, int member, Surface surface) {
    OnSurface scene = scene(family, surface);
    NamedUpdater updater = family.members().get(member);
    return PATHS.computeIfAbsent(
        List.of(updater, scene), key -> scene.trajectory(Optimizer.of(updater), Lab.USUAL_STEPS));
  }

  private static OnSurface scene(Family family, Surface surface) {
    return family.scenes().stream()
        .filter(OnSurface.class::isInstance)
        .map(OnSurface.class::cast)
        .filter(scene -> scene.surface() == surface)
        .findFirst()
        .orElseThrow();
  }

  private static ListAssert<Double> assertThatAll(
      Family family, ToDoubleFunction<Integer> ofMember) {
    return assertThat(
        IntStream.range(0, family.members().size())
            .mapToObj(member -> ofMember.applyAsDouble(member))
            .toList());
  }

  @Test
  void everyOptimizerIsInAFamilyOrNeedsANetwork() {
    Set<String> shown =
        Arrays.stream(Family.values())
            .map(Family::members)
            .flatMap(Collection::stream)
            .map(member -> member.label().replaceAll("\\(.*", ""))
            .collect(Collectors.toSet());

    assertThat(NamedOptimizer.values())
        .as("optimizers that are in no family, and that the lab could run")
        .filteredOn(optimizer -> !shown.contains(optimizer.label()))
        .filteredOn(optimizer -> optimizer.need() == NamedOptimizer.Need.NOTHING)
        .isEmpty();
    assertThat(shown).contains("lookahead");
  }

  @ParameterizedTest
  @EnumSource
  void aFamilyIsCompleteAndItsPicturesHaveNamesOfTheirOwn(Family family) {
    assertThat(family.label()).matches("[a-z-]+");
    assertThat(family.varies()).isNotBlank();
    assertThat(Palette.canTellApart(family.members().size())).isTrue();
    assertThat(family.members()).doesNotHaveDuplicates();
    assertThat(family.scenes()).isNotEmpty().extracting(Scene::label).doesNotHaveDuplicates();
    assertThat(family.scenes())
        .allSatisfy(scene -> assertThat(scene.whatToLookFor()).endsWith(".").doesNotContain("  "));
    assertThat(family.scenes())
        .filteredOn(OnSurface.class::isInstance)
        .allSatisfy(s -> ((OnSurface) s).surface().checkStart(((OnSurface) s).start()));
  }

  @Test
  void familiesHaveDifferentNamesAndTitles() {
    Set<String> titles = new HashSet<>();
    for (Family family : Family.values()) {
      assertThat(titles.add(family.label()) && titles.add("title: " + family.title())).isTrue();
    }
    for (Surface surface : Surface.values()) {
      assertThat(titles.add("title: " + surface.title())).isTrue();
    }
    for (Signal signal : Signal.values()) {
      assertThat(titles.add("title: " + signal.title())).isTrue();
    }
  }

  // Momentum

  /** The iterations after the first edge of the square wave until the step has its sign. */
  private static int turnsAfter(Family family, int member) {
    Response response = response(family, member, Signal.SQUARE);
    int edge = 40;
    return IntStream.range(0, response.steps().size())
            .filter(i -> (i + 1) * response.iterationsPerStep() > edge)
            .filter(i -> response.steps().get(i) < 0)
            .map(i -> (i + 1) * response.iterationsPerStep())
            .findFirst()
            .orElseThrow()
        - edge;
  }

  /** How far θ goes on against the gradient after the first edge, in units of η. */
  private static double overshoot(Family family, int member) {
    return response(family, member, Signal.SQUARE).steps().subList(40, 80).stream()
        .mapToDouble(step -> Math.max(0, step))
        .sum();
  }

  @Test
  void aLargerMomentumOvershootsTheEdgeMore() {
    assertThatAll(Family.NESTEROVS, m -> turnsAfter(Family.NESTEROVS, m))
        .satisfies(turns -> assertThat(turns.get(0)).isEqualTo(1))
        .satisfies(turns -> assertThat(turns.get(1)).isBetween(5.0, 7.0))
        .satisfies(turns -> assertThat(turns.get(2)).isBetween(17.0, 23.0));
    for (Family family : List.of(Family.NESTEROVS, Family.MOMENTUM)) {
      assertThat(overshoot(family, 1)).isGreaterThan(overshoot(family, 0) + 10);
      assertThat(overshoot(family, 2)).isGreaterThan(5 * overshoot(family, 1));
    }
  }

  @Test
  void classicalMomentumTurnsUpToAnIterationAfterNesterovMomentum() {
    assertThatAll(
            Family.MOMENTUM, m -> turnsAfter(Family.MOMENTUM, m) - turnsAfter(Family.NESTEROVS, m))
        .allSatisfy(later -> assertThat(later).isIn(0.0, 1.0))
        .element(1)
        .isEqualTo(1.0);
  }

  /** The iterations after the first spike until less than a tenth above the step before it. */
  private static int forgets(Family family, int member) {
    List<Double> update = update(family, member, Signal.SPIKES);
    double before = update.get(SPIKE - 1);
    int last = NEXT_SPIKE - 1;
    while (Math.abs(update.get(last) - before) < 0.1 * before) {
      last--;
    }
    return last + 1 - SPIKE;
  }

  @Test
  void aLargerMomentumRemembersASpikeLonger() {
    for (Family family : List.of(Family.NESTEROVS, Family.MOMENTUM)) {
      assertThat(forgets(family, 0)).isBetween(8, 12);
      assertThat(forgets(family, 1)).isBetween(35, 45);
      assertThat(forgets(family, 2)).isBetween(100, 140);
    }
    assertThatAll(Family.NESTEROVS, m -> update(Family.NESTEROVS, m, Signal.SPIKES).get(SPIKE - 1))
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : 1, Double.class)
        .containsExactly(0.2, 1.0, 4.0);
  }

  @Test
  void peaksOfNesterovMomentumAreHigherByTheMomentum() {
    for (int m = 0; m < 3; m++) {
      double nesterov = update(Family.NESTEROVS, m, Signal.SPIKES).get(SPIKE);
      double classical = update(Family.MOMENTUM, m, Signal.SPIKES).get(SPIKE);
      assertThat(nesterov).isGreaterThan(1.4 * classical);
    }
  }

  /** The mean of second differences, in shares of the height. */
  private static double roughness(List<Double> curve) {
    double jumps = 0;
    for (int i = 2; i < curve.size(); i++) {
      jumps += Math.abs(curve.get(i) - 2 * curve.get(i - 1) + curve.get(i - 2));
    }
    double height =
        curve.stream().mapToDouble(v -> v).max().orElseThrow()
            - curve.stream().mapToDouble(v -> v).min().orElseThrow();
    return jumps / (curve.size() - 2) / height;
  }

  /** The delay at which the curve is most like the sine without its noise. */
  private static int delay(List<Double> curve) {
    return IntStream.range(0, 40)
        .boxed()
        .max((a, b) -> Double.compare(likeness(curve, a.intValue()), likeness(curve, b.intValue())))
        .orElseThrow();
  }

  private static double likeness(List<Double> curve, int delay) {
    return IntStream.range(0, curve.size())
        .mapToDouble(i -> curve.get(i) * Math.sin(2 * Math.PI * (i - delay) / 80))
        .sum();
  }

  @Test
  void aLargerMomentumIsSmootherAndLater() {
    for (Family family : List.of(Family.NESTEROVS, Family.MOMENTUM)) {
      for (int m = 0; m < 2; m++) {
        List<Double> smaller = update(family, m, Signal.SINE);
        List<Double> larger = update(family, m + 1, Signal.SINE);
        assertThat(roughness(larger)).isLessThan(0.8 * roughness(smaller));
        assertThat(delay(larger)).isGreaterThan(delay(smaller) + 2);
      }
    }
    for (int m = 0; m < 3; m++) {
      assertThat(roughness(update(Family.MOMENTUM, m, Signal.SINE)))
          .isLessThan(0.9 * roughness(update(Family.NESTEROVS, m, Signal.SINE)));
    }
  }

  private static double farthestX(Trajectory trajectory) {
    return trajectory.path().stream().mapToDouble(Point::x).max().orElseThrow();
  }

  @Test
  void inTheValleyASmallMomentumCreepsAndALargeOneShootsPast() {
    assertThat(path(Family.NESTEROVS, 0, Surface.VALLEY).arrivedAfter()).isEqualTo(-1);
    int arrived = path(Family.NESTEROVS, 1, Surface.VALLEY).arrivedAfter();
    Trajectory large = path(Family.NESTEROVS, 2, Surface.VALLEY);
    assertThat(arrived).isPositive();
    assertThat(large.arrivedAfter()).isGreaterThan(2 * arrived);
    assertThat(farthestX(large)).isGreaterThan(1);
    assertThat(Arrays.stream(large.heights()).limit(arrived / 2).min().orElseThrow())
        .isLessThan(large.arrivedBelow());
  }

  /** How far a path goes across the valley, both ways together. */
  private static double across(Trajectory trajectory) {
    double across = 0;
    for (int i = 1; i < trajectory.path().size(); i++) {
      across += Math.abs(trajectory.path().get(i).y() - trajectory.path().get(i - 1).y());
    }
    return across;
  }

  @Test
  void classicalMomentumSwingsAcrossTheValleyMoreThanNesterovMomentum() {
    for (int m = 1; m < 3; m++) {
      assertThat(across(path(Family.MOMENTUM, m, Surface.VALLEY)))
          .isGreaterThan(2 * across(path(Family.NESTEROVS, m, Surface.VALLEY)));
    }
    assertThat(across(path(Family.LOOK_AHEAD, 0, Surface.VALLEY)))
        .isGreaterThan(3 * across(path(Family.LOOK_AHEAD, 1, Surface.VALLEY)));
    int nesterov = path(Family.LOOK_AHEAD, 1, Surface.VALLEY).arrivedAfter();
    for (int averaged = 2; averaged < 4; averaged++) {
      assertThat(across(path(Family.LOOK_AHEAD, averaged, Surface.VALLEY))).isLessThan(3);
      assertThat(path(Family.LOOK_AHEAD, averaged, Surface.VALLEY).arrivedAfter())
          .isGreaterThan(2 * nesterov);
    }
  }

  @Test
  void onlyAMediumMomentumEndsInTheLowestHollow() {
    assertThat(path(Family.NESTEROVS, 0, Surface.LOCAL_MINIMA).end().x()).isBetween(-2.0, -1.7);
    assertThat(path(Family.NESTEROVS, 1, Surface.LOCAL_MINIMA).arrivedAfter()).isPositive();
    assertThat(path(Family.NESTEROVS, 2, Surface.LOCAL_MINIMA).end().x()).isBetween(1.7, 2.0);
  }

  @Test
  void aLargerMomentumLeavesThePlateauSooner() {
    assertThat(path(Family.NESTEROVS, 0, Surface.PLATEAU).end().x()).isLessThan(-4.1);
    assertThat(path(Family.NESTEROVS, 1, Surface.PLATEAU).arrivedAfter()).isBetween(190, 230);
    assertThat(path(Family.NESTEROVS, 2, Surface.PLATEAU).arrivedAfter()).isBetween(105, 130);
    assertThat(farthestX(path(Family.NESTEROVS, 2, Surface.PLATEAU))).isGreaterThan(0.5);
  }

  @Test
  void wherePlaceDoesNotMatterOnlyTheNumberOfGradientsDoes() {
    int classical = turnsAfter(Family.LOOK_AHEAD, 0);
    assertThat(classical - turnsAfter(Family.LOOK_AHEAD, 1)).isEqualTo(1);
    assertThat(turnsAfter(Family.LOOK_AHEAD, 2)).isGreaterThan(classical + 4);
    assertThat(turnsAfter(Family.LOOK_AHEAD, 3)).isGreaterThan(classical + 4);
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

  /** The mean over ten sequences of noise, so that it does not hang on the one that is drawn. */
  private static double meanHeight(Family family, int member) {
    OnSurface scene = scene(family, Surface.NOISY_QUADRATIC);
    NamedUpdater updater = family.members().get(member);
    return MEANS.computeIfAbsent(
        List.of(updater, scene), key -> meanHeight(Optimizer.of(updater), scene));
  }

  private static double meanHeight(Optimizer optimizer, OnSurface scene) {
    return LongStream.range(0, 10)
        .mapToObj(
            seed ->
                Trajectory.of(
                    optimizer,
                    scene.surface(),
                    scene.start(),
                    scene.learningRate(),
                    Lab.USUAL_STEPS,
                    seed))
        .mapToDouble(Trajectory::finalHeight)
        .average()
        .orElseThrow();
  }

  @Test
  void underNoiseAveragedMomentumIsSmootherAndEndsLower() {
    for (int averaged = 2; averaged < 4; averaged++) {
      for (int single = 0; single < 2; single++) {
        Trajectory one = path(Family.LOOK_AHEAD, averaged, Surface.NOISY_QUADRATIC);
        Trajectory other = path(Family.LOOK_AHEAD, single, Surface.NOISY_QUADRATIC);
        assertThat(length(one)).isLessThan(0.7 * length(other));
        assertThat(one.finalHeight()).isLessThan(other.finalHeight());
        assertThat(meanHeight(Family.LOOK_AHEAD, averaged))
            .isLessThan(meanHeight(Family.LOOK_AHEAD, single));
      }
    }
  }

  // Sums and averages of squares

  @Test
  void adagradNeverForgetsASpikeAndRmsPropDoes() {
    for (int m = 0; m < 3; m++) {
      List<Double> update = update(Family.ADAGRAD, m, Signal.SPIKES);
      for (int i = SPIKE + 2; i < NEXT_SPIKE; i++) {
        assertThat(update.get(i)).isLessThan(update.get(i - 1));
      }
    }
    List<Double> rmsProp = update(Family.FORGETTING, 1, Signal.SPIKES);
    assertThat(rmsProp.get(SPIKE + 10)).isLessThan(0.2);
    assertThat(rmsProp.get(SPIKE + 170)).isGreaterThan(0.9);
    List<Double> adadelta = update(Family.FORGETTING, 2, Signal.SPIKES);
    assertThat(adadelta.get(SPIKE + 100)).isLessThan(0.5 * adadelta.get(SPIKE - 1));
    assertThat(adadelta.get(NEXT_SPIKE - 1)).isGreaterThan(adadelta.get(SPIKE - 1));
  }

  @Test
  void epsilonHoldsAdagradDownUntilTheSumHasOutgrownIt() {
    List<Double> none = update(Family.ADAGRAD, 0, Signal.SPIKES);
    List<Double> one = update(Family.ADAGRAD, 1, Signal.SPIKES);
    assertThat(one.get(10)).isLessThan(0.3 * none.get(10));
    assertThat(one.get(SPIKE + 10)).isGreaterThan(0.85 * none.get(SPIKE + 10));
    double[] epsilons = {0, 1, 10};
    for (int m = 0; m < 3; m++) {
      // 1e-10, the default, is nothing at this accuracy.
      assertThat(update(Family.ADAGRAD, m, Signal.SQUARE).get(0))
          .isCloseTo(1 / (1 + epsilons[m]), within(1e-9));
    }
    List<Double> ten = update(Family.ADAGRAD, 2, Signal.SQUARE);
    assertThat(Math.abs(ten.get(239) / ten.get(0))).isGreaterThan(0.4);
    assertThat(Math.abs(update(Family.ADAGRAD, 0, Signal.SQUARE).get(239))).isLessThan(0.1);
  }

  @Test
  void onThePlateauEpsilonDecidesWhetherAdagradMoves() {
    assertThat(path(Family.ADAGRAD, 0, Surface.PLATEAU).arrivedAfter()).isBetween(5, 20);
    assertThat(path(Family.ADAGRAD, 1, Surface.PLATEAU).end().x()).isLessThan(-4.2);
    assertThat(path(Family.ADAGRAD, 2, Surface.PLATEAU).end().x()).isLessThan(-4.2);
  }

  /** Steps from 1 on; 1e-9 for ε, as above. */
  @Test
  void adagradsScalingsDecideHowStepsFall() {
    Family family = Family.ADAGRAD_SCALINGS;
    for (int t : new int[] {1, 9, 36}) {
      double root = 1 / Math.sqrt(t);
      assertThat(update(family, 0, Signal.SQUARE).get(t - 1)).isCloseTo(root, within(1e-9));
      assertThat(update(family, 1, Signal.SQUARE).get(t - 1)).isCloseTo(root, within(1e-9));
      assertThat(update(family, 2, Signal.SQUARE).get(t - 1)).isCloseTo(root * root, within(1e-9));
      assertThat(update(family, 3, Signal.SQUARE).get(t - 1)).isCloseTo(Math.exp(-t), within(1e-9));
    }
    assertThat(path(family, 1, Surface.VALLEY).arrivedAfter())
        .isPositive()
        .isLessThan(path(family, 0, Surface.VALLEY).arrivedAfter());
    assertThat(path(family, 1, Surface.VALLEY).path().get(1).y()).isLessThan(-1);
    assertThat(path(family, 2, Surface.VALLEY).end().y()).isGreaterThan(0.7);
    assertThat(path(family, 3, Surface.VALLEY).end().y()).isEqualTo(0.8);
  }

  @Test
  void rmsPropRemembersASpikeAsLongAsItsDecaySays() {
    assertThat(forgets(Family.RMSPROP, 0)).isBetween(12, 18);
    assertThat(forgets(Family.RMSPROP, 1)).isBetween(70, 90);
    assertThat(forgets(Family.RMSPROP, 2)).isBetween(550, 650);
  }

  /** DL4J's epsilon, 1e-8, is below the tolerance. */
  @Test
  void rmsPropsFirstStepIsNotCorrectedAndLaterOnesAreTheSign() {
    double[] decays = {0.5, 0.9, 0.99};
    for (int m = 0; m < 3; m++) {
      List<Double> update = update(Family.RMSPROP, m, Signal.SQUARE);
      assertThat(update.get(0)).isCloseTo(1 / Math.sqrt(1 - decays[m]), within(1e-5));
      assertThat(update.get(239)).isBetween(-1.1, -0.99);
      assertThat(path(Family.RMSPROP, m, Surface.ROSENBROCK).arrivedAfter()).isEqualTo(-1);
    }
    assertThat(update(Family.RMSPROP, 0, Signal.SINE))
        .allSatisfy(step -> assertThat(Math.abs(step)).isLessThan(1.4143));
    assertThat(path(Family.RMSPROP, 2, Surface.ROSENBROCK).path().get(1).x() + 1.2)
        .isCloseTo(0.3, within(1e-4));
    assertThatAll(Family.RMSPROP, m -> path(Family.RMSPROP, m, Surface.ROSENBROCK).end().x())
        .satisfies(ends -> assertThat(ends.get(1)).isGreaterThan(ends.get(0)))
        .satisfies(ends -> assertThat(ends.get(1)).isGreaterThan(ends.get(2)));
  }

  @Test
  void aLargerDecayKeepsTheRootLevel() {
    assertThatAll(
            Family.RMSPROP,
            m -> roughness(response(Family.RMSPROP, m, Signal.SINE).states().get("√G")))
        .satisfies(rough -> assertThat(rough.get(1)).isLessThan(0.7 * rough.get(0)))
        .satisfies(rough -> assertThat(rough.get(2)).isLessThan(0.7 * rough.get(1)));
  }

  @Test
  void adagradSettlesAndRmsPropJumpsAboutTheMinimum() {
    double[] adagrad = path(Family.FORGETTING, 0, Surface.BEALE).heights();
    double[] rmsProp = path(Family.FORGETTING, 1, Surface.BEALE).heights();
    for (int i = 11; i < adagrad.length; i++) {
      assertThat(adagrad[i]).isLessThan(adagrad[i - 1]);
    }
    assertThat(Arrays.stream(rmsProp, 250, 300).max().orElseThrow())
        .isGreaterThan(5 * Arrays.stream(rmsProp, 150, 200).min().orElseThrow());
    assertThat(path(Family.FORGETTING, 2, Surface.BEALE).finalHeight()).isGreaterThan(5);
    assertThat(path(Family.FORGETTING, 0, Surface.PLATEAU).end().x()).isBetween(-0.1, 0.1);
    assertThat(path(Family.FORGETTING, 1, Surface.PLATEAU).end().x()).isBetween(-0.1, 0.1);
    assertThat(path(Family.FORGETTING, 2, Surface.PLATEAU).end().x()).isLessThan(-4.2);
  }

  @Test
  void adadeltaFromZeroStartsSlowerThanFromALargeRms() {
    assertThatAll(Family.ADADELTA, m -> update(Family.ADADELTA, m, Signal.SQUARE).get(0))
        .satisfies(first -> assertThat(first.get(0)).isBetween(0.002, 0.004))
        .satisfies(first -> assertThat(first.get(1)).isBetween(0.025, 0.035))
        .satisfies(first -> assertThat(first.get(2)).isBetween(0.25, 0.35));
    assertThatAll(
            Family.ADADELTA,
            m ->
                Math.abs(update(Family.ADADELTA, m, Signal.SQUARE).get(199))
                    / update(Family.ADADELTA, m, Signal.SQUARE).get(0))
        .allSatisfy(growth -> assertThat(growth).isBetween(0.95, 2.0));
  }

  @Test
  void aSpikeTakesAdadeltasLargeStartAway() {
    assertThatAll(Family.ADADELTA, m -> update(Family.ADADELTA, m, Signal.SPIKES).get(SPIKE - 1))
        .satisfies(steps -> assertThat(steps.get(2)).isGreaterThan(20 * steps.get(0)));
    assertThatAll(Family.ADADELTA, m -> update(Family.ADADELTA, m, Signal.SPIKES).get(4499))
        .allSatisfy(step -> assertThat(step).isLessThan(0.03))
        .satisfies(last -> assertThat(last.get(1) / last.get(0)).isBetween(0.9, 1.1));
  }

  @Test
  void adadeltaArrivesOnlyFromALargeRms() {
    assertThat(path(Family.ADADELTA, 0, Surface.VALLEY).end().x()).isBetween(-3.0, -2.4);
    assertThat(path(Family.ADADELTA, 2, Surface.VALLEY).arrivedAfter()).isBetween(30, 50);
    assertThat(path(Family.ADADELTA, 0, Surface.PLATEAU).end().x()).isLessThan(-4.2);
    assertThat(path(Family.ADADELTA, 1, Surface.PLATEAU).end().x()).isLessThan(-4.2);
    assertThat(path(Family.ADADELTA, 2, Surface.PLATEAU).arrivedAfter()).isPositive();
  }

  // Adam and its relatives

  @Test
  void amsGradStaysSlowAfterASpikeWhereAdamRecovers() {
    assertThat(forgets(Family.AMSGRAD, 0)).isLessThan(100);
    assertThat(update(Family.AMSGRAD, 1, Signal.SPIKES).get(SPIKE + 1000)).isLessThan(0.5);
    assertThat(update(Family.AMSGRAD, 1, Signal.SPIKES).get(NEXT_SPIKE - 1)).isGreaterThan(0.6);
    assertThat(update(Family.AMSGRAD, 2, Signal.SPIKES).get(NEXT_SPIKE - 1)).isLessThan(0.05);
    assertThat(update(Family.AMSGRAD, 3, Signal.SPIKES).get(NEXT_SPIKE - 1)).isBetween(0.2, 0.31);
  }

  /** Where β2 is 0.999, V falls by less than a thousandth per step. */
  @Test
  void onWavesAmsGradIsAdamUnlessBeta2IsSmall() {
    for (int i = 0; i < 240; i++) {
      assertThat(update(Family.AMSGRAD, 3, Signal.SINE).get(i))
          .isCloseTo(update(Family.AMSGRAD, 1, Signal.SINE).get(i), within(0.05));
    }
    assertThatAll(
            Family.AMSGRAD,
            m ->
                update(Family.AMSGRAD, m, Signal.SINE).subList(80, 240).stream()
                    .mapToDouble(Math::abs)
                    .average()
                    .orElseThrow())
        .satisfies(sizes -> assertThat(sizes.get(2)).isLessThan(0.9 * sizes.get(0)))
        .satisfies(sizes -> assertThat(sizes.get(2)).isLessThan(0.9 * sizes.get(1)));
  }

  @Test
  void underNoiseAmsGradWithASmallBeta2EndsLower() {
    Trajectory amsGrad = path(Family.AMSGRAD, 2, Surface.NOISY_QUADRATIC);
    Trajectory adam = path(Family.AMSGRAD, 0, Surface.NOISY_QUADRATIC);

    assertThat(amsGrad.finalHeight()).isLessThan(0.7 * adam.finalHeight());
    assertThat(length(amsGrad)).isLessThan(0.9 * length(adam));
    assertThat(meanHeight(Family.AMSGRAD, 2)).isLessThan(meanHeight(Family.AMSGRAD, 0));
    Point end = path(Family.AMSGRAD, 1, Surface.NOISY_QUADRATIC).end();
    Point same = path(Family.AMSGRAD, 3, Surface.NOISY_QUADRATIC).end();
    assertThat(Math.hypot(end.x() - same.x(), end.y() - same.y())).isLessThan(0.01);
  }

  @Test
  void adaBeliefGoesFarWhereGradientsAreWhatItExpects() {
    assertThat(update(Family.ADAM_RELATIVES, 3, Signal.SPIKES).get(SPIKE - 1))
        .isBetween(11.0, 13.0);
    assertThat(update(Family.ADAM_RELATIVES, 3, Signal.SPIKES).get(SPIKE + 100)).isLessThan(1);
    assertThatAll(
            Family.ADAM_RELATIVES,
            m ->
                update(Family.ADAM_RELATIVES, m, Signal.SQUARE).stream()
                    .mapToDouble(Math::abs)
                    .max()
                    .orElseThrow())
        .satisfies(most -> assertThat(most.subList(0, 3)).allMatch(v -> v < most.get(3)));
  }

  @Test
  void nadamWTurnsEarlierAndMakesMoreOfASpike() {
    assertThat(update(Family.ADAM_RELATIVES, 1, Signal.SQUARE).get(0)).isBetween(1.4, 1.6);
    assertThat(turnsAfter(Family.ADAM_RELATIVES, 1))
        .isLessThan(turnsAfter(Family.ADAM_RELATIVES, 0));
    assertThatAll(
            Family.ADAM_RELATIVES,
            m -> {
              List<Double> update = update(Family.ADAM_RELATIVES, m, Signal.SPIKES);
              return update.get(SPIKE) - update.get(SPIKE - 1);
            })
        .satisfies(jumps -> assertThat(jumps).allMatch(v -> v <= jumps.get(1)));
  }

  @Test
  void rAdamWarmsUp() {
    List<Double> square = update(Family.ADAM_RELATIVES, 2, Signal.SQUARE);
    assertThat(square.subList(0, 5)).allSatisfy(v -> assertThat(v).isCloseTo(1, within(1e-9)));
    assertThat(square.get(5)).isBetween(0.0, 0.1);
    assertThat(square.get(39)).isGreaterThan(2 * square.get(5));
    Trajectory rAdam = path(Family.ADAM_RELATIVES, 2, Surface.ROSENBROCK);
    assertThat(rAdam.learningRate()).isLessThan(0.01);
    assertThat(rAdam.end().x()).isLessThan(-0.9);
    for (int m : new int[] {0, 1, 3}) {
      assertThat(path(Family.ADAM_RELATIVES, m, Surface.ROSENBROCK).end().x()).isGreaterThan(0.9);
    }
    assertThatAll(
            Family.ADAM_RELATIVES,
            m ->
                path(Family.ADAM_RELATIVES, m, Surface.PLATEAU).path().stream()
                    .takeWhile(p -> p.x() < -3)
                    .count())
        .satisfies(left -> assertThat(left.get(2)).isLessThan(300).isGreaterThan(2 * left.get(0)))
        .satisfies(left -> assertThat(left).allMatch(count -> count <= left.get(2)));
  }

  @Test
  void adaBoundIsNotSlowedDownAndSwingsInTheValley() {
    List<Double> bound = update(Family.BOUNDS, 1, Signal.SPIKES);
    assertThat(bound.get(SPIKE + 100)).isGreaterThan(bound.get(SPIKE - 1));
    assertThat(update(Family.BOUNDS, 0, Signal.SPIKES).get(SPIKE + 100)).isLessThan(0.3);
    assertThat(update(Family.BOUNDS, 2, Signal.SPIKES)).isEqualTo(bound);
    assertThat(path(Family.BOUNDS, 1, Surface.VALLEY).arrivedAfter()).isPositive();
    assertThat(across(path(Family.BOUNDS, 1, Surface.VALLEY))).isGreaterThan(3);
    assertThat(path(Family.BOUNDS, 0, Surface.VALLEY).end().x())
        .isLessThan(path(Family.BOUNDS, 3, Surface.VALLEY).end().x())
        .isLessThan(-1);
  }

  // SWATS

  /** Before the switch, it is AdamW with ε at 1e-9 instead of 1e-8. */
  @Test
  void swatsSwitchesUnderNoiseOnlyWithALargeTolerance() {
    List<Double> adamW = update(Family.SWITCH, 0, Signal.SPIKES);
    List<Double> switched = update(Family.SWITCH, 1, Signal.SPIKES);
    assertThat(update(Family.SWITCH, 2, Signal.SPIKES)).isEqualTo(switched);
    assertThat(switched.get(SPIKE - 1)).isCloseTo(adamW.get(SPIKE - 1), within(1e-3));
    assertThat(switched.get(SPIKE)).isGreaterThan(9);
    assertThat(adamW.get(SPIKE + 100)).isLessThan(0.3);
    assertThat(switched.get(SPIKE + 100)).isGreaterThan(0.9);

    List<Double> noisy = update(Family.SWITCH, 0, Signal.SINE);
    List<Double> staying = update(Family.SWITCH, 1, Signal.SINE);
    List<Double> switching = update(Family.SWITCH, 2, Signal.SINE);
    for (int i = 0; i < noisy.size(); i++) {
      assertThat(staying.get(i)).isCloseTo(noisy.get(i), within(1e-5));
      if (i > 20 && Math.abs(noisy.get(i)) > 0.5) {
        assertThat(Math.abs(switching.get(i))).isGreaterThan(1.2 * Math.abs(noisy.get(i)));
      }
    }
  }

  // Others

  private static long turns(List<Double> update) {
    return IntStream.range(1, update.size())
        .filter(i -> Math.signum(update.get(i)) != Math.signum(update.get(i - 1)))
        .count();
  }

  @Test
  void lionsStepsAreTheLearningRateOrItsNegative() {
    for (int m = 0; m < 2; m++) {
      for (Signal signal : List.of(Signal.SQUARE, Signal.SINE)) {
        assertThat(update(Family.SIGN, m, signal))
            .allSatisfy(v -> assertThat(Math.abs(v)).isCloseTo(1, within(1e-12)));
      }
    }
    assertThat(turnsAfter(Family.SIGN, 0)).isBetween(6, 7);
    assertThat(turnsAfter(Family.SIGN, 1)).isBetween(17, 19);
    assertThat(update(Family.SIGN, 1, Signal.SQUARE).get(81)).isPositive();
    assertThat(turns(update(Family.SIGN, 0, Signal.SINE))).isEqualTo(5);
    assertThat(turns(update(Family.SIGN, 1, Signal.SINE))).isGreaterThan(20);
  }

  @Test
  void lionDoesNotSettleAtAConstantRate() {
    for (int m = 0; m < 2; m++) {
      List<Point> path = path(Family.SIGN, m, Surface.VALLEY).path();
      for (int i = 1; i < path.size(); i++) {
        assertThat(Math.abs(path.get(i).x() - path.get(i - 1).x())).isCloseTo(0.03, within(1e-9));
      }
      assertThat(path.get(path.size() - 1).x()).isBetween(-0.6, 0.6);
    }
    assertThat(path(Family.SIGN, 3, Surface.VALLEY).diverged()).isTrue();
  }

  @Test
  void stepsOfTheAverageShrinkAndDoNotDependOnBeta1() {
    Family family = Family.SCHEDULE_FREE;
    List<Double> x = response(family, 1, Signal.SINE).steps();
    for (int m = 2; m < 4; m++) {
      List<Double> other = response(family, m, Signal.SINE).steps();
      for (int i = 0; i < x.size(); i++) {
        // x is y plus a multiple of E, up to 25 η, both rounded to 1e-16 of it.
        assertThat(other.get(i)).isCloseTo(x.get(i), within(1e-9));
      }
    }
    double early = x.subList(80, 160).stream().mapToDouble(Math::abs).max().orElseThrow();
    double late = x.subList(160, 240).stream().mapToDouble(Math::abs).max().orElseThrow();
    assertThat(late).isLessThan(early);
    assertThatAll(
            family,
            m -> {
              Response response = response(family, m, Signal.SINE);
              return IntStream.range(0, 240)
                  .mapToDouble(i -> Math.abs(response.update().get(i) - response.steps().get(i)))
                  .sum();
            })
        .satisfies(far -> assertThat(far.get(2)).isLessThan(0.5 * far.get(1)))
        .satisfies(far -> assertThat(far.get(3)).isLessThan(0.5 * far.get(2)));
  }

  @Test
  void underNoiseTheAverageOfScheduleFreeIsCalmerAndEndsLower() {
    for (int m = 1; m < 4; m++) {
      Trajectory free = path(Family.SCHEDULE_FREE, m, Surface.NOISY_QUADRATIC);
      Trajectory adamW = path(Family.SCHEDULE_FREE, 0, Surface.NOISY_QUADRATIC);
      assertThat(free.finalHeight()).isLessThan(0.5 * adamW.finalHeight());
      assertThat(length(free)).isLessThan(0.5 * length(adamW));
      assertThat(meanHeight(Family.SCHEDULE_FREE, m))
          .isLessThan(meanHeight(Family.SCHEDULE_FREE, 0));
    }
  }

  @Test
  void stepsOfLookaheadAreAlphaTimesThoseOfFiveOfAdam() {
    List<Double> adam = update(Family.LOOKAHEAD, 0, Signal.SINE);
    double[] alphas = {1, 0.2, 0.5, 0.8};
    for (int m = 1; m < 4; m++) {
      List<Double> slow = response(Family.LOOKAHEAD, m, Signal.SINE).steps();
      for (int i = 0; i < slow.size(); i++) {
        double sum = adam.subList(5 * i, 5 * i + 5).stream().mapToDouble(v -> v).sum();
        // Rounding, of numbers below 10.
        assertThat(slow.get(i)).isCloseTo(alphas[m] * sum, within(1e-9));
      }
    }
  }

  @Test
  void aSmallerAlphaIsCalmerLowerAndLater() {
    int[] byAlpha = {1, 2, 3, 0};
    for (int i = 1; i < 4; i++) {
      Trajectory smaller = path(Family.LOOKAHEAD, byAlpha[i - 1], Surface.NOISY_QUADRATIC);
      Trajectory larger = path(Family.LOOKAHEAD, byAlpha[i], Surface.NOISY_QUADRATIC);
      assertThat(length(smaller)).isLessThan(length(larger));
      assertThat(smaller.finalHeight()).isLessThan(larger.finalHeight());
      assertThat(meanHeight(Family.LOOKAHEAD, byAlpha[i - 1]))
          .isLessThan(meanHeight(Family.LOOKAHEAD, byAlpha[i]));
    }
    int last = path(Family.LOOKAHEAD, 1, Surface.VALLEY).arrivedAfter();
    for (int m : new int[] {0, 2, 3}) {
      assertThat(path(Family.LOOKAHEAD, m, Surface.VALLEY).arrivedAfter())
          .isPositive()
          .isLessThan(last);
    }
    assertThat(across(path(Family.LOOKAHEAD, 1, Surface.VALLEY)))
        .isLessThan(across(path(Family.LOOKAHEAD, 0, Surface.VALLEY)));
  }

  @ParameterizedTest
  @EnumSource
  void theArgumentsUnderAPictureNameItsSceneAndItsMembers(Family family) {
    List<Optimizer> members = family.members().stream().map(Optimizer::of).toList();
    for (Scene scene : family.scenes()) {
      String arguments = scene.arguments(members);
      assertThat(arguments).startsWith(family.members().get(0).label() + ",");
      assertThat(arguments)
          .contains((scene instanceof OnSignal ? "--signals " : "--surfaces ") + scene.label());
    }
  }
}
