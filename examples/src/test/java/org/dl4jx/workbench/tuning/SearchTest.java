package org.dl4jx.workbench.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SearchTest {
  private static Candidate usual(NamedUpdater updater) {
    return new Candidate(
        updater,
        ScheduleNotation.parse("constant"),
        updater.usualLearningRate(),
        updater.decaysWeights() ? 0.01 : 0);
  }

  private static List<Trial> search(Search search, ToDoubleFunction<Candidate> accuracy) {
    List<Trial> trials = new ArrayList<>();
    for (Optional<Candidate> next = search.next(trials);
        next.isPresent();
        next = search.next(trials)) {
      trials.add(new Trial(next.get(), accuracy.applyAsDouble(next.get()), 1));
    }
    return trials;
  }

  /** The nearer to {@code rate}, the better. */
  private static ToDoubleFunction<Candidate> best(double rate) {
    return candidate -> 1 / (1 + Math.abs(Math.log(candidate.learningRate() / rate)));
  }

  private static List<Double> rates(List<Trial> trials) {
    return trials.stream().map(trial -> trial.candidate().learningRate()).toList();
  }

  @ParameterizedTest
  @MethodSource("org.dl4jx.workbench.notation.NamedUpdater#values")
  void everyUpdaterHasTheSameNumberOfTrialsWhereverItsBestRateIs(NamedUpdater updater) {
    for (double factor : new double[] {1e-4, 0.1, 1, 7, 1e4}) {
      List<Trial> trials =
          search(new Search(usual(updater), 11), best(factor * updater.usualLearningRate()));

      assertThat(trials).hasSize(11);
      assertThat(trials).extracting(Trial::candidate).doesNotHaveDuplicates();
    }
  }

  @Test
  void sevenRatesGoAroundTheUsualOneInStepsOfTheRootOfTen() {
    assertThat(rates(search(new Search(usual(NamedUpdater.ADAM), 7), best(1e-3))))
        .containsExactly(3.16e-5, 1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2);
  }

  @Test
  void withoutDecayTheRestRefinesTheRate() {
    List<Trial> trials = search(new Search(usual(NamedUpdater.SGD), 11), best(0.3));

    assertThat(rates(trials.subList(7, 11))).containsExactly(0.562, 0.178, 0.421, 0.237);
  }

  @Test
  void withDecayTheRestVariesTheDecayAtTheBestRate() {
    List<Trial> trials =
        search(new Search(usual(NamedUpdater.of(NamedOptimizer.ADAMW)), 11), best(3.16e-3));

    assertThat(rates(trials.subList(7, 11))).containsOnly(3.16e-3);
    assertThat(trials.subList(7, 11))
        .extracting(trial -> trial.candidate().weightDecay())
        .containsExactly(0.1, 0.001, 0.0316, 0.00316);
  }

  @Test
  void theGridIsExtendedBeyondAnEdgeWithTheBestTwiceAtMost() {
    assertThat(rates(search(new Search(usual(NamedUpdater.ADAM), 11), best(10))).subList(7, 9))
        .containsExactly(0.0999, 0.316);
    assertThat(rates(search(new Search(usual(NamedUpdater.ADAM), 11), best(1e-9))).subList(7, 9))
        .containsExactly(9.99e-6, 3.16e-6);
    assertThat(rates(search(new Search(usual(NamedUpdater.ADAM), 11), best(0.0999))))
        .contains(0.0999, 0.316);
  }

  @Test
  void aBestAtTheEdgeIsNoticed() {
    assertThat(Search.isAtEdge(search(new Search(usual(NamedUpdater.ADAM), 7), best(10)))).isTrue();
    assertThat(Search.isAtEdge(search(new Search(usual(NamedUpdater.ADAM), 7), best(1e-3))))
        .isFalse();
  }

  @Test
  void ofEqualAccuraciesTheLesserLossWins() {
    Trial one = new Trial(usual(NamedUpdater.ADAM), 0.9, 0.3);
    Trial two = new Trial(usual(NamedUpdater.ADAM), 0.9, 0.2);

    assertThat(Search.best(List.of(one, two))).isSameAs(two);
  }

  @Test
  void theBudgetHasBounds() {
    assertThatThrownBy(() -> new Search(usual(NamedUpdater.ADAM), 6))
        .hasMessage("trials must be a number from 7 to 11, but was 6");
  }
}
