package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.Lion;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Networks of each floating-point type train with each updater, or refuse and say why. */
class DataTypesTest {

  static Stream<UpdaterConfiguration> all() {
    return Optimizers.all(0.01);
  }

  static Stream<UpdaterConfiguration> withoutSquares() {
    return all().filter(DataTypesTest::keepsNoSquares);
  }

  static Stream<UpdaterConfiguration> withSquares() {
    return all().filter(updater -> !keepsNoSquares(updater));
  }

  private static boolean keepsNoSquares(IUpdater updater) {
    return updater instanceof AveragedNesterovs || updater instanceof Lion;
  }

  @ParameterizedTest
  @MethodSource("all")
  void trainsInFloat(IUpdater updater) {
    assertThat(lossAfterTraining(updater, DataType.FLOAT)).isLessThan(0.5);
  }

  @ParameterizedTest
  @MethodSource("all")
  void trainsInDouble(IUpdater updater) {
    assertThat(lossAfterTraining(updater, DataType.DOUBLE)).isLessThan(0.5);
  }

  /**
   * Deeplearning4j M2.1 has no networks of this type, SameDiff has. Parameters and state are
   * rounded to 2⁻⁹ of their size in every step, so the loss may stay a few of these above that of
   * float.
   */
  @ParameterizedTest
  @MethodSource("all")
  void trainsInBfloat16AlmostAsInFloat(IUpdater updater) {
    double inFloat = lossOfSameDiff(updater, DataType.FLOAT);
    double inBfloat16 = lossOfSameDiff(updater, DataType.BFLOAT16);

    assertThat(inFloat).isLessThan(0.9);
    assertThat(inBfloat16).isLessThan(inFloat * (1 + 8 * Math.pow(2, -9)));
  }

  /** Of a linear model, which cannot learn all there is; three classes guessed at make 1.1. */
  private static double lossOfSameDiff(IUpdater updater, DataType type) {
    SameDiff sd = SameDiff.create();
    SDVariable in = sd.placeHolder("in", type, -1, 4);
    SDVariable label = sd.placeHolder("label", type, -1, 3);
    SDVariable w = sd.var("w", Nd4j.zeros(type, 4, 3));
    sd.loss.softmaxCrossEntropy("loss", label, in.mmul(w), null);
    sd.setLossVariables("loss");
    sd.setTrainingConfig(Networks.sameDiffTraining(updater));
    DataSet data = Networks.batch(type, 1);
    for (int i = 0; i < 300; i++) {
      sd.fit(data);
    }
    Map<String, INDArray> inputs = Map.of("in", data.getFeatures(), "label", data.getLabels());
    return sd.output(inputs, "loss").get("loss").getDouble(0);
  }

  /**
   * A scalar of SameDiff has the shape [], and its gradient as well. No step from 0 is rounded
   * away.
   */
  @ParameterizedTest
  @MethodSource("all")
  void trainsAScalarOfSameDiff(IUpdater updater) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16}) {
      SameDiff sd = SameDiff.create();
      SDVariable in = sd.placeHolder("in", type, -1, 4);
      SDVariable label = sd.placeHolder("label", type, -1, 3);
      SDVariable w =
          sd.constant("w", Nd4j.linspace(-1, 1, 12, DataType.FLOAT).reshape(4, 3).castTo(type));
      SDVariable scale = sd.var("scale", Nd4j.scalar(type, 0));
      sd.loss.softmaxCrossEntropy("loss", label, in.mmul(w).mul(scale), null);
      sd.setLossVariables("loss");
      sd.setTrainingConfig(Networks.sameDiffTraining(updater));

      for (int i = 0; i < 6; i++) {
        sd.fit(Networks.batch(type, 1));
      }

      assertThat(scale.getArr().shape()).isEmpty();
      assertThat(scale.getArr().getDouble()).isNotZero().isFinite();
    }
  }

  @Test
  void deeplearning4jItselfRefusesNetworksInBfloat16() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Networks.with(DataType.BFLOAT16, new AdamWDecoupled(1e-2, 0)))
        .withMessageContaining("one of DOUBLE, FLOAT, or HALF");
  }

  @ParameterizedTest
  @MethodSource("withoutSquares")
  void withoutSquaresTheyTrainInHalf(IUpdater updater) {
    assertThat(lossAfterTraining(updater, DataType.FLOAT16)).isLessThan(0.7);
  }

  @ParameterizedTest
  @MethodSource("withSquares")
  void withSquaresTheyRefuseHalf(IUpdater updater) {
    assertThatIllegalStateException()
        .isThrownBy(() -> lossAfterTraining(updater, DataType.FLOAT16))
        .withMessageContaining("cannot train parameters of type HALF");
  }

  /**
   * In HALF, Deeplearning4j's loss is NaN as soon as a probability is below 6e-8, so in more bits.
   */
  private static double lossAfterTraining(IUpdater updater, DataType type) {
    MultiLayerNetwork network =
        Networks.network(DecoupledDecay.attach(Networks.classifier(Networks.with(type, updater))));
    DataSet data = Networks.batch(type, 1);
    for (int i = 0; i < 300; i++) {
      network.fit(data);
    }
    return network.convertDataType(DataType.DOUBLE).score(Networks.batch(DataType.DOUBLE, 1));
  }
}
