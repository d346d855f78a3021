package org.dl4jx.integration.documentation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The variables that an example may use without declaring them; it may also declare its own by
 * these names. An example is the body of {@link #run()} in a subclass.
 */
public abstract class ExampleContext {
  private static final int PIXELS = 28 * 28;
  private static final int CLASSES = 10;

  /** Mini-batches to train on: 4 of 16 examples, with 784 features and ten classes as in MNIST. */
  protected final DataSetIterator train = batches(1);

  /** Mini-batches to evaluate on, alike. */
  protected final DataSetIterator test = batches(2);

  /** A file for a network. */
  protected final File modelFile = temporaryFile("network");

  /** Another one, for a network to serve. */
  protected final File servedFile = temporaryFile("served");

  /** For how many epochs an example may train. */
  protected final int epochs = 3;

  /** How many iterations that takes. */
  protected final int iterations = 12;

  /** A configuration of {@code network}, to which no weight decay is attached yet. */
  protected final MultiLayerConfiguration conf =
      new NeuralNetConfiguration.Builder()
          .seed(7)
          .updater(new AdamWDecoupled(1e-3, 0.01))
          .list()
          .layer(hidden())
          .layer(output())
          .build();

  /** A network that trains with AdamW and attached weight decay. */
  protected final MultiLayerNetwork network =
      new MultiLayerNetwork(DecoupledDecay.attach(conf.clone()));

  /** The same as a graph, with layers {@code hidden} and {@code out}. */
  protected final ComputationGraph graph =
      new ComputationGraph(
          DecoupledDecay.attach(
              new NeuralNetConfiguration.Builder()
                  .seed(7)
                  .updater(new AdamWDecoupled(1e-3, 0.01))
                  .graphBuilder()
                  .addInputs("in")
                  .addLayer("hidden", hidden(), "in")
                  .addLayer("out", output(), "hidden")
                  .setOutputs("out")
                  .build()));

  /** A linear classifier with placeholders {@code in} and {@code label}, trained the same way. */
  protected final SameDiff sameDiff = linearClassifier();

  private final Map<String, Object> kept = new HashMap<>();

  /** Initializes the networks. */
  protected ExampleContext() {
    network.init();
    graph.init();
  }

  /**
   * The example.
   *
   * @throws Exception if it fails
   */
  public abstract void run() throws Exception;

  /**
   * Keeps a variable of the example for the test that runs it.
   *
   * @param name its name
   * @param value its value
   */
  protected final void keep(String name, Object value) {
    kept.put(name, value);
  }

  /** A variable that the example declared, or null. */
  final <T> T kept(String name, Class<T> type) {
    return type.cast(kept.get(name));
  }

  private static File temporaryFile(String name) {
    try {
      File file = File.createTempFile(name, ".zip");
      file.deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DenseLayer hidden() {
    return new DenseLayer.Builder().nIn(PIXELS).nOut(16).activation(Activation.RELU).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nIn(16)
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static SameDiff linearClassifier() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, PIXELS);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, CLASSES);
    SDVariable w = model.var("w", Nd4j.zeros(DataType.FLOAT, PIXELS, CLASSES));
    SDVariable b = model.var("b", Nd4j.zeros(DataType.FLOAT, 1, CLASSES));
    model.setLossVariables(model.loss.softmaxCrossEntropy("loss", label, in.mmul(w).add(b), null));
    model.setTrainingConfig(
        DecoupledDecay.attach(
            TrainingConfig.builder()
                .updater(new AdamWDecoupled(1e-3, 0.01))
                .dataSetFeatureMapping("in")
                .dataSetLabelMapping("label")
                .build()));
    return model;
  }

  /** The brightest tenth of the pixels tells the class, so that there is something to learn. */
  private static DataSetIterator batches(int seed) {
    Random random = new Random(seed);
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      INDArray features = Nd4j.create(DataType.FLOAT, 16, PIXELS);
      INDArray labels = Nd4j.zeros(DataType.FLOAT, 16, CLASSES);
      for (int row = 0; row < 16; row++) {
        int label = random.nextInt(CLASSES);
        labels.putScalar(row, label, 1);
        for (int pixel = 0; pixel < PIXELS; pixel++) {
          boolean isBright = pixel * CLASSES / PIXELS == label;
          features.putScalar(row, pixel, random.nextDouble() * (isBright ? 1 : 0.5));
        }
      }
      batches.add(new DataSet(features, labels));
    }
    return new ListDataSetIterator<>(batches, 16);
  }
}
