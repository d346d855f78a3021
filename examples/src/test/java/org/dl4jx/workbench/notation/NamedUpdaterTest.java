package org.dl4jx.workbench.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.LookaheadAverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

class NamedUpdaterTest {
  private static IUpdater created(String text) {
    return NamedUpdater.labelled(text).create(0.02, 0.5);
  }

  @Test
  void settingsHaveTheNamesOfTheBuilder() {
    assertThat(created("adamw(beta2=0.95,epsilonInsideRoot=true)"))
        .isEqualTo(
            AdamWDecoupled.builder()
                .learningRate(0.02)
                .weightDecay(0.5)
                .beta2(0.95)
                .epsilonInsideRoot(true)
                .build());
    assertThat(created("adabound(finalLearningRate=0.5)"))
        .isEqualTo(
            AdaBound.builder().learningRate(0.02).weightDecay(0.5).finalLearningRate(0.5).build());
    assertThat(created("nesterovs-averaged( momentum = 0.5 )"))
        .isEqualTo(new AveragedNesterovs(0.02, 0.5));
  }

  @Test
  void lookaheadIsAroundAnyOther() {
    assertThat(created("lookahead")).isEqualTo(new Lookahead(new Adam(0.02)));
    assertThat(created("lookahead(of=sgd)")).isEqualTo(new Lookahead(new Sgd(0.02)));
    assertThat(created("lookahead(of=adamw(beta1=0.8, beta2=0.95), k=6, alpha=0.25)"))
        .isEqualTo(
            new Lookahead(
                AdamWDecoupled.builder()
                    .learningRate(0.02)
                    .weightDecay(0.5)
                    .beta1(0.8)
                    .beta2(0.95)
                    .build(),
                6,
                0.25));
    NamedUpdater ofNesterovs = NamedUpdater.labelled("lookahead(of=nesterovs)");
    assertThat(ofNesterovs.usualLearningRate()).isEqualTo(0.1);
    assertThat(ofNesterovs.decaysWeights()).isFalse();
    assertThat(NamedUpdater.labelled("lookahead(of=adamw)").decaysWeights()).isTrue();
    assertThat(NamedUpdater.labelled("lookahead(of=adam-l2)").penalizesWeights()).isTrue();
    assertThat(NamedUpdater.labelled("lookahead(of=dl4j-adadelta)").hasLearningRate()).isFalse();
  }

  @Test
  void settingsOfDeeplearning4jAreItsProperties() {
    assertThat(created("nesterovs(momentum=0.975)")).isEqualTo(new Nesterovs(0.02, 0.975));
    assertThat(created("adam(beta1=0.8,epsilon=1e-6)"))
        .isEqualTo(new Adam(0.02, 0.8, Adam.DEFAULT_ADAM_BETA2_VAR_DECAY, 1e-6));
    assertThat(created("dl4j-adagrad(epsilon=1e-5)")).isEqualTo(new AdaGrad(0.02, 1e-5));
    assertThat(created("rmsprop(rmsDecay=0.9)")).isEqualTo(new RmsProp(0.02, 0.9, 1e-8));
    assertThat(created("dl4j-adadelta(rho=0.9)")).isEqualTo(new AdaDelta(0.9, 1e-6));
  }

  @Test
  void averagedMomentumAlsoReadsClassicalAndNesterovMomentum() {
    assertThat(created("nesterovs-averaged(average=start,momentum=0.5)"))
        .isEqualTo(
            new AveragedNesterovs(
                0.02, 0.5, LookaheadAverage.of(new double[] {0}, new double[] {1})));
    assertThat(created("nesterovs-averaged(average=quarters)"))
        .isEqualTo(created("nesterovs-quarters"));
  }

  @ParameterizedTest
  @MethodSource("org.dl4jx.workbench.notation.NamedUpdater#values")
  void everyNameIsReadAndMadeWithItsUsualSettings(NamedUpdater updater) {
    assertThat(NamedUpdater.labelled(updater.label())).isEqualTo(updater);
    assertThat(NamedUpdater.labelled(updater.label() + "()")).isEqualTo(updater);
    assertThat(updater.create(0.02, 0)).isEqualTo(updater.create(0.02, 0));
    if (updater.hasLearningRate()) {
      assertThat(updater.create(0.02, 0).getLearningRate(0, 0)).isEqualTo(0.02);
    }
  }

  @Test
  void twoOfDeeplearning4jFollowNoSchedule() {
    assertThat(NamedUpdater.values())
        .filteredOn(updater -> !updater.followsSchedules())
        .containsExactly(NamedUpdater.DL4J_ADAGRAD, NamedUpdater.DL4J_ADADELTA);
  }

  @Test
  void withSettingsItIsAnother() {
    NamedUpdater plain = NamedUpdater.labelled("adam");
    NamedUpdater set = NamedUpdater.labelled("adam(beta1=0.8)");

    assertThat(set).isNotEqualTo(plain).isEqualTo(NamedUpdater.labelled("adam( beta1=0.8)"));
    assertThat(set).hasToString("adam(beta1=0.8)");
    assertThat(set.number()).isEqualTo(plain.number());
    assertThat(NamedUpdater.styles(List.of(set, plain)).values()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adma | unknown updater 'adma'; did you mean adam?",
        "adamw(beta3=1) | adamw: unknown key 'beta3' (the nearest is beta1); its form is"
            + " adamw([beta1=0.9][,beta2=0.999][,epsilon=1.0E-8][,epsilonInsideRoot=false])",
        "adamw(beta2=2) | adamw: beta2 must be in [0, 1), but was 2.0; its form is adamw(",
        "adamw(beta2=x) | adamw: beta2 must be a finite number, but was x; its form is",
        "adamw(beta2=NaN) | adamw: beta2 must be a finite number, but was NaN; its form is",
        "adamw(epsilonInsideRoot=yes) | adamw: epsilonInsideRoot must be false or true, but was yes",
        "adamw(beta2) | adamw: 'beta2' is not of the form key=value; its form is",
        "adamw(beta2=) | adamw: 'beta2=' is not of the form key=value; its form is",
        "adamw(beta2=0.9,beta2=0.9) | adamw: beta2 is given twice; its form is",
        "adamw(beta2=0.9 | adamw: unbalanced parenthesis: ')' is missing at the end; its form is",
        "adamw(learningRate=1) | adamw: unknown key 'learningRate'",
        "adamw(weightDecay=1) | adamw: unknown key 'weightDecay'",
        "lookahead(k=0) | lookahead: k must be at least 1, but was 0; its form is"
            + " lookahead([of=adam][,alpha=0.5][,k=5])",
        "lookahead(of=adma) | lookahead: unknown updater 'adma'; did you mean adam?",
        "lookahead(of=adamw(beta2=2)) | lookahead: adamw: beta2 must be in [0, 1), but was 2.0",
        "lookahead(of=adamw(beta2=0.9) | adamw: unbalanced parenthesis",
        "lookahead(off=adam) | lookahead: unknown key 'off' (the nearest is of)",
        "lookahead(of=nesterovs-averaged) | lookahead: inner must be an updater that leaves",
        "lookahead(of=schedule-free-adamw) | lookahead: inner must be an updater that leaves",
        "lookahead(of=lookahead) | lookahead: inner must be an updater that is not itself Lookahead",
        "nesterovs-averaged(average=halves) | average must be end or quarters or start or thirds,"
            + " but was halves; its form is nesterovs-averaged([average=thirds][,momentum=0.9])",
        "sgd(momentum=1) | sgd: unknown key 'momentum'; its form is sgd()"
      })
  void whatIsWrongIsSaidWithTheForm(String text, String problem) {
    assertThatThrownBy(() -> NamedUpdater.labelled(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aListIsSplitOutsideOfParentheses() {
    NamedUpdater.ListConverter converter = new NamedUpdater.ListConverter();

    assertThat(converter.convert("adamw(beta1=0.8,beta2=0.9),sgd"))
        .extracting(NamedUpdater::label)
        .containsExactly("adamw(beta1=0.8,beta2=0.9)", "sgd");
    assertThat(converter.convert("all")).isEqualTo(NamedUpdater.values());
  }
}
