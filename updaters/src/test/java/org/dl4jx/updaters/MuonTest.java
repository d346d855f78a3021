package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Engine;
import org.dl4jx.updaters.engine.Matrices;
import org.dl4jx.updaters.engine.ShownWeights;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;

/** The contract shows no weights, so everything there takes AdamW. */
class MuonTest extends UpdaterContract {
  private static final double A = 3.4445;
  private static final double B = -4.7750;
  private static final double C = 2.0315;

  @Override
  Stream<UpdaterConfiguration> chosen() {
    return Stream.of(
        new Muon(0.02, 0),
        new Muon(SCHEDULE, 0),
        Muon.builder()
            .learningRate(0.03)
            .momentum(0.6)
            .nesterov(false)
            .adamLearningRate(0.004)
            .adamBeta1(0.7)
            .adamBeta2(0.8)
            .adamEpsilon(1e-3)
            .weightDecay(0)
            .nonFiniteGradients(NonFinitePolicy.SKIP)
            .build(),
        Muon.builder().adamLearningRateSchedule(SCHEDULE).weightDecay(0).build());
  }

  @Override
  Stream<UpdaterConfiguration> decaying() {
    return Stream.of(Muon.builder().weightDecay(0.0125).build());
  }

  @Override
  UpdaterConfiguration random(Random random, NonFinitePolicy policy) {
    return Muon.builder()
        .learningRate(20 * Math.pow(10, -4 * random.nextDouble()))
        .momentum(0.99 * random.nextDouble())
        .adamBeta1(random.nextInt(5) == 0 ? 0 : 0.99 * random.nextDouble())
        .adamBeta2(random.nextInt(5) == 0 ? 0 : 1 - Math.pow(10, -7 * random.nextDouble()))
        .adamEpsilon(Math.pow(10, -10 * random.nextDouble()))
        .weightDecay(0)
        .nonFiniteGradients(policy)
        .build();
  }

  /** AdamW with the settings that Muon has for it. */
  private static AdamWDecoupled adam(Muon muon, int iteration) {
    return AdamWDecoupled.builder()
        .learningRate(muon.getAdamLearningRate(iteration, 0))
        .beta1(muon.getAdamBeta1())
        .beta2(muon.getAdamBeta2())
        .epsilon(muon.getAdamEpsilon())
        .weightDecay(muon.getWeightDecay())
        .build();
  }

  @Override
  double bound(UpdaterConfiguration updater, int iteration, double largest) {
    return AdaptiveUpdaterContract.boundOfAdam(adam((Muon) updater, iteration), iteration, largest);
  }

  @Override
  boolean trains(UpdaterConfiguration updater, DataType type) {
    return type != DataType.FLOAT16;
  }

  @Override
  Reference reference(UpdaterConfiguration updater) {
    Muon muon = (Muon) updater;
    return (g, state, iteration) -> adamStep(muon, g, state, iteration);
  }

  private static void adamStep(Muon muon, double[] g, double[][] state, int iteration) {
    int t = iteration + 1;
    double[] m = state[0];
    double[] v = state[1];
    for (int i = 0; i < g.length; i++) {
      m[i] = muon.getAdamBeta1() * m[i] + (1 - muon.getAdamBeta1()) * g[i];
      v[i] = muon.getAdamBeta2() * v[i] + (1 - muon.getAdamBeta2()) * g[i] * g[i];
      double mHat = m[i] / (1 - Math.pow(muon.getAdamBeta1(), t));
      double vHat = v[i] / (1 - Math.pow(muon.getAdamBeta2(), t));
      double rate = muon.getAdamLearningRate(iteration, 0);
      g[i] = rate * mHat / (Math.sqrt(vHat) + muon.getAdamEpsilon());
    }
  }

  /** With an epsilon so small that it does not matter where it is added. */
  @Override
  Stream<Simpler> simpler() {
    return Stream.of(
        new Simpler(
            "matrices",
            Muon.builder().adamLearningRate(1e-3).adamEpsilon(1e-30).weightDecay(0).build(),
            Adam.builder().epsilon(1e-30).build(),
            1e-15));
  }

  private static void draw(INDArray gradient) {
    gradient.assign(Nd4j.randn(gradient.dataType(), gradient.shape()));
  }

  private static double[] singularValues(INDArray matrix) {
    return new SingularValueDecomposition(
            new Array2DRowRealMatrix(matrix.castTo(DataType.DOUBLE).toDoubleMatrix()))
        .getSingularValues();
  }

  /**
   * An iteration maps every singular value x to {@code p(x) = a x + b x³ + c x⁵}. On [0, 1.2024],
   * its maximum is {@code p(0.5545) = 1.2024}, and on [0.6818, 1.2024], its minimum is {@code
   * p(1.0501) = 0.6818}. So what is in this range stays there. Below it, p(x) is at least 1.66 x,
   * and what begins at 0.0016 or more gets there in five iterations.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void allSingularValuesOfAnUpdateAreAboutTheRate(DataType type) {
    ArrayStep step =
        new ArrayStep(
            type,
            new Muon(0.02, 0),
            new DenseLayer.Builder().nIn(30).nOut(50).build(),
            new DenseLayer.Builder().nIn(50).nOut(20).build());
    for (int t = 0; t < 3; t++) {
      draw(step.gradient("0_W"));
      draw(step.gradient("1_W"));
      if (t == 0) {
        // The least singular value is not too small for five iterations.
        double[] before = singularValues(step.gradient("0_W"));
        double norm = step.gradient("0_W").norm2Number().doubleValue();
        assertThat(before[29] / norm).isGreaterThan(0.0016);
        assertThat(before[0] / before[29]).isGreaterThan(4);
      }
      step.take(t);
      for (double s : singularValues(step.gradient("0_W"))) {
        assertThat(s / (0.02 * Math.sqrt(50 / 30.0))).isBetween(0.6817, 1.2025);
      }
      for (double s : singularValues(step.gradient("1_W"))) {
        assertThat(s / 0.02).isBetween(0.6817, 1.2025);
      }
    }
  }

  /**
   * The iterations multiply an error of the small singular values by at most 3.4445 each, 485 in
   * total; each of their 15 products adds a few roundings of 2⁻⁵³.
   */
  private static final double ROUNDING = 485 * 15 * 8 * 0x1p-53;

  @Test
  void aTransposedMatrixGetsTheTransposedUpdateButForItsScale() {
    ArrayStep wide =
        new ArrayStep(
            DataType.DOUBLE, new Muon(1, 0), new DenseLayer.Builder().nIn(4).nOut(9).build());
    ArrayStep tall =
        new ArrayStep(
            DataType.DOUBLE, new Muon(1, 0), new DenseLayer.Builder().nIn(9).nOut(4).build());
    draw(wide.gradient("0_W"));
    tall.gradient("0_W").assign(wide.gradient("0_W").transpose());

    wide.take(0);
    tall.take(0);

    INDArray scaled = wide.gradient("0_W").transpose().div(Math.sqrt(9 / 4.0));
    assertThat(tall.gradient("0_W").sub(scaled).amaxNumber().doubleValue()).isLessThan(ROUNDING);
  }

  /** In all of a network: two dense layers are hidden, the third is the output. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void biasesAndTheOutputLayerMoveAsWithAdamWBitForBit(DataType type) {
    ArrayStep muon =
        new ArrayStep(type, Muon.builder().weightDecay(0.5).adamLearningRate(1e-3).build());
    ArrayStep adam = new ArrayStep(type, new AdamWDecoupled(1e-3, 0.5));
    for (int t = 0; t < 5; t++) {
      for (int i = 0; i < muon.arrays(); i++) {
        draw(muon.gradient(i));
        adam.gradient(i).assign(muon.gradient(i));
      }
      muon.take(t);
      adam.take(t);
      for (int i : new int[] {1, 3, 4, 5}) {
        assertThat(muon.gradient(i)).isEqualTo(adam.gradient(i));
      }
      assertThat(muon.gradient(0)).isNotEqualTo(adam.gradient(0));
      assertThat(muon.gradient(2)).isNotEqualTo(adam.gradient(2));
    }
  }

  private static ArrayStep one(Layer layer) {
    return new ArrayStep(DataType.FLOAT, new Muon(0.02, 0.1), layer);
  }

  /** The same numbers in memory, in the order (channels out) x (the rest). */
  private static void isAsDense(ArrayStep convolution, INDArray gradient, INDArray weights) {
    long rest = gradient.length() / gradient.size(0);
    ArrayStep dense = one(new DenseLayer.Builder().nIn(rest).nOut(gradient.size(0)).build());
    for (int t = 0; t < 3; t++) {
      draw(gradient);
      dense
          .gradient("0_W")
          .assign(gradient.dup('c').reshape('c', gradient.size(0), rest).transpose());
      dense
          .network()
          .getParam("0_W")
          .assign(weights.dup('c').reshape('c', gradient.size(0), rest).transpose());
      convolution.take(t);
      dense.take(t);
      assertThat(gradient.dup('c').reshape('c', gradient.size(0), rest).transpose())
          .isEqualTo(dense.gradient("0_W"));
    }
  }

  @Test
  void aConvolutionIsAMatrixOfChannelsOutAndTheRest() {
    ArrayStep step = one(new ConvolutionLayer.Builder(2, 3).nIn(2).nOut(5).build());

    isAsDense(step, step.gradient("0_W"), step.network().getParam("0_W"));
  }

  /** Its channels out are the second axis. */
  @Test
  void aDeconvolutionIsAMatrixOfChannelsOutAndTheRest() {
    ArrayStep step = one(new Deconvolution2D.Builder(2, 3).nIn(2).nOut(5).build());

    isAsDense(
        step,
        step.gradient("0_W").permute(1, 0, 2, 3),
        step.network().getParam("0_W").permute(1, 0, 2, 3));
  }

  @Test
  void everyGateOfAnLstmIsAMatrixOfItsOwn() {
    ArrayStep lstm = one(new LSTM.Builder().nIn(4).nOut(5).build());
    ArrayStep gate = one(new DenseLayer.Builder().nIn(4).nOut(5).build());
    draw(lstm.gradient("0_W"));
    var third = NDArrayIndex.interval(10, 15);
    gate.gradient("0_W").assign(lstm.gradient("0_W").get(NDArrayIndex.all(), third));
    gate.network()
        .getParam("0_W")
        .assign(lstm.network().getParam("0_W").get(NDArrayIndex.all(), third));

    lstm.take(0);
    gate.take(0);

    assertThat(lstm.gradient("0_W").get(NDArrayIndex.all(), third).dup('f'))
        .isEqualTo(gate.gradient("0_W"));
  }

  /** The last three columns; the first step of AdamW is its rate, and the decay is ηλθ. */
  @Test
  @SuppressWarnings("deprecation")
  void peepholesOfAnLstmTakeAdamW() {
    ArrayStep lstm = one(new GravesLSTM.Builder().nIn(4).nOut(5).build());
    draw(lstm.gradient("0_RW"));
    INDArray g = lstm.gradient("0_RW").dup();
    INDArray w = lstm.network().getParam("0_RW");

    lstm.take(0);

    for (int row = 0; row < 5; row++) {
      for (int column = 20; column < 23; column++) {
        double update =
            1e-3 * (Math.signum(g.getDouble(row, column)) + 0.1 * w.getDouble(row, column));
        assertThat(lstm.gradient("0_RW").getDouble(row, column)).isCloseTo(update, within(1e-8));
      }
    }
    assertThat(
            singularValues(
                lstm.gradient("0_RW").get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)))[0])
        .isGreaterThan(0.01);
  }

  @Test
  void withoutAGradientNothingMoves() {
    ArrayStep step = new ArrayStep(DataType.FLOAT, new Muon(0.02, 0));
    for (int i = 0; i < step.arrays(); i++) {
      step.gradient(i).assign(0);
    }

    step.take(0);

    for (int i = 0; i < step.arrays(); i++) {
      assertThat(step.gradient(i).amaxNumber().doubleValue()).isZero();
    }
  }

  /** In the reference's orientation, nOut x nIn, in plain Java. */
  private static double[][] step(Muon muon, double[][] g, double[][] b, double[][] theta) {
    int rows = g.length;
    int columns = g[0].length;
    double mu = muon.getMomentum();
    double[][] x = new double[rows][columns];
    double norm = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        b[i][j] = mu * b[i][j] + (1 - mu) * g[i][j];
        x[i][j] = muon.isNesterov() ? (1 - mu) * g[i][j] + mu * b[i][j] : b[i][j];
        norm += x[i][j] * x[i][j];
      }
    }
    var scaled = new Array2DRowRealMatrix(x).scalarMultiply(1 / (Math.sqrt(norm) + 1e-7));
    boolean isTall = rows > columns;
    var y = isTall ? scaled.transpose() : scaled;
    for (int k = 0; k < 5; k++) {
      var gram = y.multiply(y.transpose());
      var poly = gram.scalarMultiply(B).add(gram.multiply(gram).scalarMultiply(C));
      y = y.scalarMultiply(A).add(poly.multiply(y));
    }
    double rate = muon.getLearningRate();
    double[][] update =
        (isTall ? y.transpose() : y)
            .scalarMultiply(rate * Math.sqrt(Math.max(1, (double) rows / columns)))
            .getData();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        update[i][j] += rate * muon.getWeightDecay() * theta[i][j];
      }
    }
    return update;
  }

  static Stream<Muon> withDecay() {
    return Stream.of(
        new Muon(0.1, 0.5),
        Muon.builder().learningRate(0.1).momentum(0.5).nesterov(false).weightDecay(0.5).build());
  }

  @ParameterizedTest
  @MethodSource("withDecay")
  void equalsTheReferenceOnMatrices(Muon muon) {
    ArrayStep step = new ArrayStep(DataType.DOUBLE, muon);
    double[][] b0 = new double[6][4];
    double[][] b2 = new double[3][6];
    for (int t = 0; t < 12; t++) {
      draw(step.gradient(0));
      draw(step.gradient(2));
      double[][] first =
          step(muon, outputsFirst(step.gradient(0)), b0, outputsFirst(step.weights(0)));
      double[][] second =
          step(muon, outputsFirst(step.gradient(2)), b2, outputsFirst(step.weights(2)));

      step.take(t);

      for (int i = 0; i < 6; i++) {
        assertThat(outputsFirst(step.gradient(0))[i]).containsExactly(first[i], within(ROUNDING));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(outputsFirst(step.gradient(2))[i]).containsExactly(second[i], within(ROUNDING));
      }
    }
  }

  private static double[][] outputsFirst(INDArray matrix) {
    return matrix.transpose().toDoubleMatrix();
  }

  /** A block of a matrix of 4 x 6 and 5 other numbers, whose matrix decays. */
  private static double[] blockStep(GradientUpdater<?> updater, DataType type, int t) {
    Random random = new Random(t);
    INDArray gradient = Nd4j.createFromArray(random.doubles(29, -1, 1).toArray()).castTo(type);
    INDArray weights = Nd4j.createFromArray(new Random(1).doubles(29, 1, 2).toArray()).castTo(type);
    INDArray matrix = gradient.get(NDArrayIndex.interval(0, 24));
    INDArray rest = gradient.get(NDArrayIndex.interval(24, 29));
    ShownWeights.show(
        null, weights.get(NDArrayIndex.interval(0, 24)), matrix, 0, 24, Matrices.of(1, 6, 4), t, 0);
    ShownWeights.show(
        null, weights.get(NDArrayIndex.interval(24, 29)), rest, 0, 0, Matrices.NONE, t, 0);
    updater.applyUpdater(gradient, t, 0);
    return gradient.castTo(DataType.DOUBLE).toDoubleVector();
  }

  /** Rounded as above; the singular values of the update are below 1.25 η √(6/4) = 0.16. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void operationsOfOtherBackendsTakeTheSameSteps(DataType type) {
    Muon muon = new Muon(0.1, 0.5);
    INDArray view = Nd4j.zeros(type, 2 * 29 + 10);
    GradientUpdater<?> tiles = muon.instantiate(view, true);
    GradientUpdater<?> operations = Engine.onAnotherBackend(muon, view.dup());
    double unit = type == DataType.FLOAT ? 0x1p-24 : 0x1p-53;
    for (int t = 0; t < 5; t++) {
      double[] expected = blockStep(tiles, type, t);
      assertThat(blockStep(operations, type, t))
          .containsExactly(expected, within(0.16 * ROUNDING / 0x1p-53 * unit));
    }
  }

  /** A matrix of 4 x 6 in SameDiff, in whose gradient there are gaps between the rows. */
  private static double[] stridedStep(GradientUpdater<?> updater, DataType type, int t) {
    INDArray numbers =
        Nd4j.createFromArray(new Random(t).doubles(24, -1, 1).toArray()).castTo(type).reshape(4, 6);
    INDArray gradient =
        Nd4j.zeros(type, 4, 10).get(NDArrayIndex.all(), NDArrayIndex.interval(2, 8));
    gradient.assign(numbers);
    INDArray weights =
        Nd4j.createFromArray(new Random(1).doubles(24, 1, 2).toArray()).castTo(type).reshape(4, 6);
    ShownWeights.show(null, weights, gradient, 0, 24, Matrices.of(numbers), t, 0);
    updater.applyUpdater(gradient, t, 0);
    return gradient.dup('c').castTo(DataType.DOUBLE).reshape(24).toDoubleVector();
  }

  /** Rounded as above. */
  @ParameterizedTest
  @CsvSource({"FLOAT, c", "FLOAT, f", "DOUBLE, c", "DOUBLE, f"})
  void operationsOfOtherBackendsTakeTheSameStepsOnStridedGradients(DataType type, char order) {
    Muon muon = new Muon(0.1, 0.5);
    INDArray view = Nd4j.zeros(type, 2 * 24 + 10);
    GradientUpdater<?> tiles = muon.instantiate(view, true);
    tiles.setStateViewArray(view, new long[] {4, 6}, order, true);
    INDArray other = view.dup();
    GradientUpdater<?> operations = Engine.onAnotherBackend(muon, other);
    operations.setStateViewArray(other, new long[] {4, 6}, order, true);
    double unit = type == DataType.FLOAT ? 0x1p-24 : 0x1p-53;
    for (int t = 0; t < 5; t++) {
      double[] expected = stridedStep(tiles, type, t);
      assertThat(stridedStep(operations, type, t))
          .containsExactly(expected, within(0.16 * ROUNDING / 0x1p-53 * unit));
    }
  }

  /** Endings after a hidden layer of 4 inputs and 6 outputs. */
  static Stream<List<Layer>> endings() {
    return Stream.of(
        List.of(dense(), new LossLayer.Builder(LossFunction.MSE).build()),
        List.of(
            dense(),
            new ActivationLayer(Activation.SOFTMAX),
            new DropoutLayer(0.5),
            new LossLayer.Builder(LossFunction.MSE).build()),
        List.of(
            dense(),
            new BatchNormalization.Builder().nOut(3).build(),
            new LossLayer.Builder(LossFunction.MSE).build()),
        List.of(
            new LSTM.Builder().nIn(6).nOut(3).build(),
            new RnnLossLayer.Builder(LossFunction.MSE).build()),
        List.of(
            new LastTimeStep(new LSTM.Builder().nIn(6).nOut(3).build()),
            new LossLayer.Builder(LossFunction.MSE).build()),
        List.of(convolution(), new CnnLossLayer.Builder(LossFunction.MSE).build()),
        List.of(
            convolution(),
            new Yolo2OutputLayer.Builder().boundingBoxPriors(Nd4j.ones(1, 2)).build()),
        List.of(
            convolution(),
            new GlobalPoolingLayer.Builder().build(),
            new LossLayer.Builder(LossFunction.MSE).build()));
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder().nIn(6).nOut(3).build();
  }

  private static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(2, 2).nIn(6).nOut(3).build();
  }

  private static ArrayStep ending(UpdaterConfiguration updater, List<Layer> layers) {
    boolean isOfImages = layers.get(0) instanceof ConvolutionLayer;
    Layer first =
        isOfImages
            ? new ConvolutionLayer.Builder(2, 2).nIn(4).nOut(6).build()
            : new DenseLayer.Builder().nIn(4).nOut(6).build();
    Stream<Layer> all = Stream.concat(Stream.of(first), layers.stream().map(Layer::clone));
    return new ArrayStep(DataType.FLOAT, updater, all.toArray(Layer[]::new));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void theLastWeightsBeforeALossLayerMoveAsWithAdamWBitForBit(List<Layer> layers) {
    ArrayStep muon = ending(Muon.builder().weightDecay(0.5).adamLearningRate(1e-3).build(), layers);
    ArrayStep adam = ending(new AdamWDecoupled(1e-3, 0.5), layers);
    for (int t = 0; t < 2; t++) {
      for (int i = 0; i < muon.arrays(); i++) {
        draw(muon.gradient(i));
        adam.gradient(i).assign(muon.gradient(i));
      }
      muon.take(t);
      adam.take(t);
      for (String name : muon.network().paramTable().keySet()) {
        boolean isAlike = muon.gradient(name).equals(adam.gradient(name));
        assertThat(isAlike).as(name).isEqualTo(!name.equals("0_W"));
      }
    }
  }

  /** The outputs are the sum of two layers. The first step of AdamW without a decay is its rate. */
  @Test
  void allLayersThatGiveTheOutputsOfAGraphTakeAdamW() {
    ComputationGraphConfiguration conf =
        Networks.with(new Muon(0.02, 0))
            .graphBuilder()
            .addInputs("in")
            .addLayer("hidden", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
            .addLayer("wide", new DenseLayer.Builder().nIn(5).nOut(3).build(), "hidden")
            .addLayer("deep", new DenseLayer.Builder().nIn(5).nOut(3).build(), "hidden")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "wide", "deep")
            .addLayer("scores", new ActivationLayer(Activation.SOFTMAX), "sum")
            .addLayer("loss", new LossLayer.Builder(LossFunction.MCXENT).build(), "scores")
            .setOutputs("loss")
            .build();
    String json = DecoupledDecay.attach(conf).toJson();
    ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    graph.init();
    Map<String, INDArray> before = Networks.copyOf(graph);

    graph.fit(Networks.data());

    // With epsilon at 1e-8, nothing moves by more than the rate, up to the rounding of weights < 4.
    for (String name : List.of("wide_W", "deep_W")) {
      INDArray moved = before.get(name).sub(graph.getParam(name));
      assertThat(moved.amaxNumber().doubleValue()).isCloseTo(1e-3, within(1e-5));
    }
    double[] values = singularValues(before.get("hidden_W").sub(graph.getParam("hidden_W")));
    assertThat(values[0] / (0.02 * Math.sqrt(5 / 4.0))).isBetween(0.6817, 1.2025);
  }

  @Test
  void aLayerBeforeAnOutputLayerStaysHidden() {
    ArrayStep muon =
        new ArrayStep(
            DataType.FLOAT,
            new Muon(0.02, 0),
            new DenseLayer.Builder().nIn(4).nOut(6).build(),
            new ActivationLayer(Activation.RELU),
            Networks.output().nIn(6).nOut(3).build());
    draw(muon.gradient("0_W"));

    muon.take(0);

    assertThat(singularValues(muon.gradient("0_W"))[0] / (0.02 * Math.sqrt(6 / 4.0)))
        .isBetween(0.6817, 1.2025);
  }

  /** A new layer joins a block of 50 steps, so all are in step 1 again. */
  @Test
  void theMomentumOfMatricesStaysWhenBlocksMerge() {
    MultiLayerConfiguration conf = Networks.mlp(new Muon(0.02, 0.1));
    ((BaseLayer) conf.getConf(1).getLayer()).setIUpdater(new Sgd(0.1));
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(conf));
    network.init();
    for (int i = 0; i < 50; i++) {
      network.fit(Networks.data());
    }
    INDArray before = momentum(network).dup();
    ((BaseLayer) network.getLayer(1).conf().getLayer()).setIUpdater(new Muon(0.02, 0.1));

    DecoupledDecay.attach(network);

    INDArray after = momentum(network);
    assertThat(after.length()).isEqualTo(20 + 5 + 15 + 3);
    INDArray matrix = after.get(NDArrayIndex.interval(0, 20));
    assertThat(matrix).isEqualTo(before.get(NDArrayIndex.interval(0, 20)));
    // m / (1 - β1ᵗ) stays what it was, but for the rounding of a product in FLOAT.
    double factor = (1 - 0.9) / (1 - Math.pow(0.9, 50));
    for (int i = 20; i < 25; i++) {
      double expected = factor * before.getDouble(i);
      assertThat(after.getDouble(i)).isCloseTo(expected, within(2 * 0x1p-24 * Math.abs(expected)));
    }
  }

  private static INDArray momentum(MultiLayerNetwork network) {
    return BlockState.of((BaseMultiLayerUpdater<?>) network.getUpdater()).get(0).array("M");
  }

  /** A weightDecay of 0 would not help it. */
  @Test
  void saysWhatItNeedsIfItCannotBeAttached() {
    MultiLayerConfiguration withoutSizes =
        Networks.with(new Muon(0.02, 0))
            .list()
            .layer(new PReLULayer.Builder().build())
            .layer(Networks.output().nIn(5).nOut(3).build())
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(withoutSizes))
        .withMessageContaining("has no sizes yet")
        .withMessageContaining("but Muon must know which parameters are matrices; attach after")
        .withMessageNotContaining("weightDecay");

    MultiLayerConfiguration halfSeen = halfSeen(new Muon(0.02, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(halfSeen))
        .withMessageContaining("lets no regularization reach its \"b\"")
        .withMessageContaining(
            "but Muon must know which parameters are matrices; give this layer another updater,"
                + " such as AdamWDecoupled with weightDecay(0)");
    DecoupledDecay.attach(halfSeen(new AdamWDecoupled(1e-3, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(halfSeen(new AdamWDecoupled(1e-3, 0.5))))
        .withMessageContaining(
            "but AdamWDecoupled has weightDecay 0.5; give this layer an updater with"
                + " weightDecay(0)");
  }

  private static MultiLayerConfiguration halfSeen(UpdaterConfiguration updater) {
    return Networks.with(updater)
        .list()
        .layer(new HalfSeen())
        .layer(Networks.output().nIn(5).nOut(3).build())
        .build();
  }

  /** A dense layer whose biases no regularization reaches. */
  private static final class HalfSeen extends DenseLayer {
    private static final long serialVersionUID = 1L;

    HalfSeen() {
      setNIn(4);
      setNOut(5);
      setHasBias(true);
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
      return name.equals("b") ? null : super.getRegularizationByParam(name);
    }
  }

  /** Its parameters take AdamW, and only a decay would be in the way. */
  @Test
  void attachesWhereNoRegularizationReachesAnythingIfThereIsNoDecay() {
    DecoupledDecay.attach(unreached(new Muon(0.02, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(unreached(new Muon(0.02, 0.5))))
        .withMessageContaining(
            "but Muon has weightDecay 0.5; give this layer an updater with weightDecay(0)");
  }

  private static MultiLayerConfiguration unreached(UpdaterConfiguration updater) {
    return Networks.with(updater)
        .list()
        .layer(new OCNNOutputLayer.Builder().nIn(4).hiddenLayerSize(3).build())
        .build();
  }

  /** Without a decay, it does not matter that SameDiff cannot tell variables of a length apart. */
  @Test
  void attachesToSomeVariablesOfTheSameLengthIfNothingDecays() {
    var model = Networks.sameDiff(Networks.training(new Muon(0.02, 0)));
    model.var("twin", Nd4j.ones(DataType.FLOAT, 4, 3));

    DecoupledDecay.attach(model, name -> !name.equals("twin"));

    assertThat(model.getTrainingConfig().getRegularization()).hasSize(1);
  }

  @Test
  void refusesToTrainUnattachedEvenWithoutADecay() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new Muon(0.02, 0)));
    network.init();
    INDArray before = network.params().dup();

    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(Networks.data()))
        .withMessageContaining("Muon must know which parameters are matrices")
        .withMessageContaining("DecoupledDecay.attach(");
    assertThat(network.params()).isEqualTo(before);
  }

  /** Then nobody has looked for matrices, and AdamW for all of them would be silent. */
  @Test
  void refusesToTrainInPlaceOfAnUpdaterThatNeedsNoMatrices() {
    MultiLayerConfiguration conf =
        DecoupledDecay.attach(Networks.mlp(new AdamWDecoupled(1e-3, 0.1)));
    for (int i = 0; i < 2; i++) {
      ((BaseLayer) conf.getConf(i).getLayer()).setIUpdater(new Muon(0.02, 0.1));
    }
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();

    assertThatIllegalStateException()
        .isThrownBy(() -> network.fit(Networks.data()))
        .withMessageContaining("Muon must know which parameters are matrices");
    DecoupledDecay.attach(network).fit(Networks.data());
  }

  @Test
  void skipsABrokenBatchAsAWhole() {
    ArrayStep.assertSkipsABrokenBatch(
        Muon.builder().nonFiniteGradients(NonFinitePolicy.SKIP).build());
  }

  @Test
  void goesOnAfterSavingBitForBit(@TempDir File folder) throws Exception {
    Networks.assertGoesOnAfterSaving(new Muon(0.02, 0.1), folder);
  }

  @Test
  void aGraphAndItsCloneTakeTheStepsOfANetwork() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(new Muon(0.02, 0.1))));
    network.init();
    ComputationGraph graph = network.toComputationGraph();
    ComputationGraph clone = graph.clone();

    for (int i = 0; i < 5; i++) {
      network.fit(Networks.data());
      graph.fit(Networks.data());
      clone.fit(Networks.data());
    }

    assertThat(graph.params()).isEqualTo(network.params());
    assertThat(clone.params()).isEqualTo(network.params());
  }

  @Test
  void transferLearningKeepsWhatIsAMatrix() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(DecoupledDecay.attach(Networks.mlp(new Muon(0.02, 0.1))));
    network.init();
    MultiLayerNetwork copy = new TransferLearning.Builder(network).build();

    network.fit(Networks.data());
    copy.fit(Networks.data());

    assertThat(copy.params()).isEqualTo(network.params());
  }

  @Test
  void trainsMatricesAndVectorsOfSameDiff() {
    var muon = new Muon(0.02, 0.1);
    var model = Networks.sameDiff(DecoupledDecay.attach(Networks.training(muon)));
    INDArray before = model.getVariable("w").getArr().dup();
    INDArray row = model.getVariable("row").getArr().dup();

    model.fit(Networks.data());

    INDArray moved = before.mul(1 - 0.02 * 0.1).sub(model.getVariable("w").getArr());
    double[] values = singularValues(moved.div(0.02));
    assertThat(values[0]).isBetween(0.6817, 1.2025);
    INDArray movedRow = row.sub(model.getVariable("row").getArr());
    assertThat(movedRow.amaxNumber().doubleValue()).isCloseTo(1e-3, within(1e-6));
  }

  @Test
  void describesWhatDecays() {
    assertThat(DecoupledDecay.describe(DecoupledDecay.attach(Networks.mlp(new Muon(0.02, 0.3)))))
        .containsPattern("hidden +W +0.3")
        .containsPattern("hidden +b +no decay: bias");
    assertThat(DecoupledDecay.describe(DecoupledDecay.attach(Networks.mlp(new Muon(0.02, 0)))))
        .containsPattern("hidden +W +no decay: Muon with weightDecay 0");
  }

  @Test
  void theRateOfAdamWFollowsThatOfMatricesUnlessItIsSet() {
    assertThat(new Muon().getAdamLearningRate(0, 0)).isEqualTo(0.001);
    assertThat(new Muon(SCHEDULE).getAdamLearningRate(5, 0))
        .isEqualTo(0.05 * SCHEDULE.valueAt(5, 0));
    Muon constant = Muon.builder().adamLearningRate(0.3).build();
    assertThat(constant.getAdamLearningRate(5, 0)).isEqualTo(0.3);
    Muon scheduled =
        Muon.builder().adamLearningRate(0.3).adamLearningRateSchedule(SCHEDULE).build();
    assertThat(scheduled.getAdamLearningRate(5, 0)).isEqualTo(SCHEDULE.valueAt(5, 0));
    assertThat(scheduled.getAdamLearningRateSchedule()).isEqualTo(SCHEDULE);
    assertThat(scheduled)
        .isNotEqualTo(constant)
        .isEqualTo(Muon.builder().adamLearningRateSchedule(SCHEDULE).build());
    Muon running = new Muon();
    running.setLrAndSchedule(0.2, null);
    assertThat(running.getAdamLearningRate(0, 0)).isEqualTo(0.05 * 0.2);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Muon.builder()
                    .adamLearningRateSchedule(new FixedSchedule(-1))
                    .build()
                    .getAdamLearningRate(3, 0))
        .withMessageContaining("adamLearningRate must be a finite number >= 0, but was -1.0");
  }

  @Test
  void aCloneHasItsOwnScheduleOfAdamW() {
    Muon muon = Muon.builder().adamLearningRateSchedule(new FixedSchedule(0.5)).build();

    assertThat(muon.clone().getAdamLearningRateSchedule())
        .isEqualTo(muon.getAdamLearningRateSchedule())
        .isNotSameAs(muon.getAdamLearningRateSchedule());
  }

  @Test
  void hasTheDefaultsOfTheDocumentation() {
    Muon muon = new Muon();

    assertThat(muon.getLearningRate()).isEqualTo(0.02);
    assertThat(muon.getMomentum()).isEqualTo(0.95);
    assertThat(muon.isNesterov()).isTrue();
    assertThat(muon.getWeightDecay()).isEqualTo(0.01);
    assertThat(muon.getAdamBeta1()).isEqualTo(0.9);
    assertThat(muon.getAdamBeta2()).isEqualTo(0.999);
    assertThat(muon.getAdamEpsilon()).isEqualTo(1e-8);
    assertThat(muon.getAdamLearningRateSchedule()).isNull();
    assertThat(muon).isEqualTo(Muon.builder().build());
  }

  @ParameterizedTest
  @MethodSource
  void namesTheBadArgumentItsValueAndTheRange(UnaryOperator<Muon.Builder> set, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.apply(Muon.builder()).build())
        .withMessage(message);
  }

  static Stream<Arguments> namesTheBadArgumentItsValueAndTheRange() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    String notNegative = " must be a finite number >= 0, but was ";
    String positive =
        "adamEpsilon must be a finite number >= 1.17549435E-38, the smallest normal float, but was ";
    Stream<Arguments> rates =
        Stream.of(-0.1, 1.0, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.momentum(x), "momentum must be in [0, 1), but was " + x),
                        bad(b -> b.adamBeta1(x), "adamBeta1 must be in [0, 1), but was " + x),
                        bad(b -> b.adamBeta2(x), "adamBeta2 must be in [0, 1), but was " + x)));
    Stream<Arguments> atLeastZero =
        Stream.of(-1e-9, nan, inf)
            .flatMap(
                x ->
                    Stream.of(
                        bad(b -> b.learningRate(x), "learningRate" + notNegative + x),
                        bad(b -> b.adamLearningRate(x), "adamLearningRate" + notNegative + x),
                        bad(b -> b.adamEpsilon(x), positive + x),
                        bad(b -> b.weightDecay(x), "weightDecay" + notNegative + x)));
    Stream<Arguments> given =
        Stream.of(bad(b -> b.nonFiniteGradients(null), "nonFiniteGradients must not be null"));
    return Stream.of(rates, atLeastZero, given).flatMap(s -> s);
  }

  private static Arguments bad(UnaryOperator<Muon.Builder> set, String message) {
    return Arguments.of(set, message);
  }
}
