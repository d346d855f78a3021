package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class RunTest {
  /** Momentum 0.9, three probes, in plain Java; a dozen operations a step round to 1e-15 each. */
  @Test
  void thetaOfAveragedMomentumIsThatOfItsFormula() {
    double rate = 0.1;
    Run run = new Run(Optimizers.AVERAGED.at(rate), 2);
    double theta = 2;
    double v = 0;
    for (int cycle = 0; cycle < 20; cycle++) {
      double sum = 0;
      for (int probe = 1; probe <= 3; probe++) {
        assertThat(run.position()[0]).isCloseTo(theta - probe / 3.0 * 0.9 * v, within(1e-12));
        assertThat(run.theta()[0]).isCloseTo(theta, within(1e-12));
        double gradient = Math.sin(run.position()[0]);
        sum += gradient / 3;
        run.step(gradient);
        assertThat(run.moved()).isEqualTo(probe == 3);
      }
      v = 0.9 * v + rate * sum;
      theta -= v;
    }
    assertThat(run.theta()[0]).isCloseTo(theta, within(1e-12));
  }

  /** Constant gradient: v̂ = 1, so z falls by the rate every time. */
  @Test
  void thetaOfScheduleFreeIsTheAverageOfItsZ() {
    Run run = new Run(new Optimizer("", ScheduleFreeAdamW::new).at(0.1), 2);
    double x = 0;
    for (int t = 1; t <= 20; t++) {
      run.step(1);
      x += (2 - 0.1 * t - x) / t;
      // ε makes each of t steps of 0.1 shorter by 1e-8 of it.
      assertThat(run.theta()[0]).isCloseTo(x, within(0.1 * 1e-8 * t + 1e-12));
      assertThat(run.moved()).isTrue();
    }
    assertThat(run.probes()).isTrue();
    assertThat(run.state()).containsOnlyKeys("V", "E");
  }

  /** Five steps of 0.1, of which half is taken back: rounding of a dozen operations. */
  @Test
  void thetaOfLookaheadIsItsSlowWeights() {
    Run run = new Run(new Lookahead(new Sgd(0.1)), 2);
    for (int t = 1; t <= 10; t++) {
      run.step(1);
      assertThat(run.theta()[0]).isCloseTo(2 - 0.25 * (t / 5), within(1e-14));
      assertThat(run.moved()).isEqualTo(t % 5 == 0);
    }
    assertThat(run.position()).isEqualTo(run.theta());
  }

  @Test
  void classicalMomentumStandsWhereItsGradientIsTaken() {
    Run run = new Run(NamedUpdater.labelled("nesterovs-averaged(average=start)").create(0.1, 0), 2);
    double theta = 2;
    double v = 0;
    for (int t = 1; t <= 20; t++) {
      v = 0.9 * v + 0.1 * Math.sin(theta);
      theta -= v;
      run.step(Math.sin(run.position()[0]));
      // A dozen operations a step round to 1e-15 each.
      assertThat(run.position()[0]).isCloseTo(theta, within(1e-12));
    }
    assertThat(run.theta()).isEqualTo(run.position());
    assertThat(run.probes()).isFalse();
  }

  @Test
  void otherUpdatersStandWhereTheirGradientIsTaken() {
    Run run = new Run(Optimizers.SGD.at(0.5), 1, 2);

    run.step(1, 2);

    assertThat(run.position()).containsExactly(0.5, 1);
    assertThat(run.theta()).containsExactly(0.5, 1);
    assertThat(run.update()).isEqualTo(0.5);
    assertThat(run.state()).isEmpty();
  }
}
