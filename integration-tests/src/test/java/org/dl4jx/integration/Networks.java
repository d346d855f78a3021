package org.dl4jx.integration;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The small classifier, four features and three classes, that most of these tests train. */
public final class Networks {
  private Networks() {}

  public static NeuralNetConfiguration.Builder with(DataType type, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(type)
        .activation(Activation.TANH)
        .updater(updater);
  }

  private static DenseLayer hidden() {
    return new DenseLayer.Builder().nIn(4).nOut(8).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(8)
        .nOut(3)
        .build();
  }

  public static MultiLayerConfiguration classifier(NeuralNetConfiguration.Builder builder) {
    return builder.list().layer(hidden()).layer(output()).build();
  }

  public static ComputationGraphConfiguration graph(NeuralNetConfiguration.Builder builder) {
    return builder
        .graphBuilder()
        .addInputs("in")
        .addLayer("hidden", hidden(), "in")
        .addLayer("out", output(), "hidden")
        .setOutputs("out")
        .build();
  }

  public static MultiLayerNetwork network(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    return network;
  }

  /** How a SameDiff model with the variables {@code in} and {@code label} is trained. */
  public static TrainingConfig sameDiffTraining(IUpdater updater) {
    return DecoupledDecay.attach(
        new TrainingConfig.Builder()
            .updater(updater)
            .dataSetFeatureMapping("in")
            .dataSetLabelMapping("label")
            .build());
  }

  /** A mini-batch of 16 examples, the same for the same number. */
  public static DataSet batch(DataType type, int number) {
    Random random = new Random(number);
    double[][] features = new double[16][];
    double[][] labels = new double[16][3];
    for (int i = 0; i < 16; i++) {
      features[i] = random.doubles(4, -2, 2).toArray();
      labels[i][features[i][0] > 1 ? 2 : features[i][1] * features[i][2] > 0 ? 1 : 0] = 1;
    }
    return new DataSet(
        Nd4j.createFromArray(features).castTo(type), Nd4j.createFromArray(labels).castTo(type));
  }

  static double largestDifference(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }
}
