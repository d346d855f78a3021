package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

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
