package org.dl4jx.updaters.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.NonFinitePolicy;
import org.dl4jx.updaters.decay.DecayingUpdater;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

class NamedOptimizerTest {

  /** Every optimizer has a test with its name, which extends the contract of all of them. */
  @ParameterizedTest
  @EnumSource
  void hasATestOfTheContract(NamedOptimizer optimizer) throws Exception {
    Class<?> type = optimizer.create(optimizer.usualLearningRate(), 0).getClass();
    Class<?> contract = Class.forName("org.dl4jx.updaters.UpdaterContract");

    assertThat(contract).isAssignableFrom(Class.forName(type.getName() + "Test"));
  }

  @ParameterizedTest
  @EnumSource
  void isCreatedAsRequested(NamedOptimizer optimizer) {
    UpdaterConfiguration made = optimizer.create(0.25, 0.125, NonFinitePolicy.SKIP);

    assertThat(made.getLearningRate()).isEqualTo(0.25);
    assertThat(made.getNonFiniteGradients()).isEqualTo(NonFinitePolicy.SKIP);
    assertThat(made instanceof DecayingUpdater).isEqualTo(optimizer.decays());
    if (made instanceof DecayingUpdater decaying) {
      assertThat(decaying.getWeightDecay()).isEqualTo(0.125);
    }
    assertThat(optimizer.create(0.25, 0.125))
        .isEqualTo(optimizer.create(0.25, 0.125, NonFinitePolicy.FAIL));
    assertThat(optimizer.description()).startsWith(made.getClass().getSimpleName());
    IUpdater builtIn = optimizer.builtIn(0.25);
    if (builtIn.hasLearningRate()) {
      assertThat(builtIn.getLearningRate(0, 0)).isEqualTo(0.25);
    }
  }

  /** Even without a decay. */
  @ParameterizedTest
  @EnumSource
  void needsWeightsExactlyIfAStepWithoutThemIsRefused(NamedOptimizer optimizer) {
    UpdaterConfiguration updater = optimizer.create(optimizer.usualLearningRate(), 0);
    INDArray state = Nd4j.zeros(DataType.DOUBLE, updater.stateSize(3));
    Throwable thrown =
        catchThrowable(
            () ->
                updater.instantiate(state, true).applyUpdater(Nd4j.ones(DataType.DOUBLE, 3), 0, 0));

    boolean refuses = thrown != null && thrown.getMessage().contains("DecoupledDecay.attach(");
    assertThat(optimizer.need() == NamedOptimizer.Need.WEIGHTS).isEqualTo(refuses);
    if (!refuses) {
      assertThat(thrown).isNull();
    }
  }

  @Test
  void namesAreDistinct() {
    assertThat(Arrays.stream(NamedOptimizer.values()).map(NamedOptimizer::label))
        .doesNotHaveDuplicates()
        .allMatch(label -> label.matches("[a-z-]+"));
    assertThat(Arrays.stream(NamedOptimizer.values()).map(o -> o.create(0.1, 0)))
        .doesNotHaveDuplicates();
  }

  @Test
  void knowsTheNearestUpdaterOfDeeplearning4j() {
    assertThat(NamedOptimizer.ADAMW.create(1e-3, 0.01)).isEqualTo(new AdamWDecoupled(1e-3, 0.01));
    assertThat(NamedOptimizer.AMSGRAD.builtIn(1e-3)).isEqualTo(new AMSGrad(1e-3));
    assertThat(NamedOptimizer.NESTEROVS_QUARTERS.builtIn(0.1)).isEqualTo(new Nesterovs(0.1, 0.9));
  }
}
