package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.moves;

import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.dl4jx.updaters.ExistingDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that others configured: of Deeplearning4j's zoo, and of Keras. */
final class ZooWays {
  private static final int EXAMPLES = 2;
  private static final int STEPS = 2;

  /** The least that its last pooling takes. */
  private static final int SIDE_OF_RESNET = 96;

  /** What the last layer of ResNet50 reads. */
  private static final int FEATURES_OF_RESNET = 2_048;

  private ZooWays() {}

  static List<Way> all() {
    return List.of(
        moves("LeNet of the zoo", ZooWays::leNet),
        moves("SimpleCNN of the zoo", ZooWays::simpleCnn),
        moves("ResNet50 of the zoo, with its l2", ZooWays::resNet),
        moves("ResNet50 with a frozen part and a new head", ZooWays::resNetWithNewHead),
        learns("KerasModelImport, sequential", ZooWays::kerasSequential),
        learns("KerasModelImport, functional", ZooWays::kerasFunctional));
  }

  private static Trained leNet(Run run) throws Exception {
    Model network =
        LeNet.builder()
            .numClasses(Run.CLASSES)
            .inputShape(new int[] {1, 28, 28})
            .updater(run.updater())
            .build()
            .init();
    return steps(run, (MultiLayerNetwork) network, images(run, 1, 28));
  }

  /** It ends in a softmax without a loss. */
  private static Trained simpleCnn(Run run) throws Exception {
    Model network =
        SimpleCNN.builder()
            .numClasses(Run.CLASSES)
            .inputShape(new int[] {3, 48, 48})
            .updater(run.updater())
            .build()
            .init();
    MultiLayerNetwork withLoss =
        new TransferLearning.Builder((MultiLayerNetwork) network)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(run.updater()).build())
            .removeLayersFromOutput(1)
            .addLayer(
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build())
            .build();
    return steps(run, withLoss, images(run, 3, 48));
  }

  private static ComputationGraph resNet50(Run run) {
    return ResNet50.builder()
        .numClasses(Run.CLASSES)
        .inputShape(new int[] {3, SIDE_OF_RESNET, SIDE_OF_RESNET})
        .updater(run.updater())
        .build()
        .init();
  }

  private static Trained resNet(Run run) throws Exception {
    return steps(run, resNet50(run), images(run, 3, SIDE_OF_RESNET));
  }

  private static Trained resNetWithNewHead(Run run) throws Exception {
    OutputLayer head =
        new OutputLayer.Builder(LossFunction.MCXENT)
            .activation(Activation.SOFTMAX)
            .nIn(FEATURES_OF_RESNET)
            .nOut(Run.CLASSES)
            .build();
    ComputationGraph graph =
        new TransferLearning.GraphBuilder(resNet50(run))
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(run.updater()).build())
            .setFeatureExtractor("stem-act1")
            .removeVertexAndConnections("output")
            .addLayer(
                "head", head, new CnnToFeedForwardPreProcessor(1, 1, FEATURES_OF_RESNET), "avgpool")
            .setOutputs("head")
            .build();
    return steps(run, graph, images(run, 3, SIDE_OF_RESNET));
  }

  private static Trained steps(Run run, MultiLayerNetwork network, DataSet images)
      throws Exception {
    return Trained.inPlace(
        run.attached(network, ExistingDecay.REPLACE),
        n -> n.score(images),
        n -> {
          for (int i = 0; i < STEPS; i++) {
            n.fit(images);
          }
        });
  }

  private static Trained steps(Run run, ComputationGraph graph, DataSet images) throws Exception {
    return Trained.inPlace(
        run.attached(graph, ExistingDecay.REPLACE),
        g -> g.score(images),
        g -> {
          for (int i = 0; i < STEPS; i++) {
            g.fit(images);
          }
        });
  }

  private static DataSet images(Run run, int channels, int side) {
    Random random = new Random(5);
    double[] pixels = random.doubles((long) EXAMPLES * channels * side * side).toArray();
    INDArray labels = Nd4j.zeros(run.type(), EXAMPLES, Run.CLASSES);
    for (int i = 0; i < EXAMPLES; i++) {
      labels.putScalar(i, i, 1);
    }
    return new DataSet(
        Nd4j.createFromArray(pixels).castTo(run.type()).reshape(EXAMPLES, channels, side, side),
        labels);
  }

  /** Without its weights, an imported network has neither a loss nor an updater. */
  private static Trained kerasSequential(Run run) throws Exception {
    MultiLayerNetwork imported =
        new MultiLayerNetwork(
            KerasModelImport.importKerasSequentialConfiguration(
                "src/test/resources/keras/sequential.json"));
    imported.init();
    MultiLayerNetwork network =
        new TransferLearning.Builder(imported)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(run.updater()).build())
            .removeOutputLayer()
            .addLayer(Run.output())
            .build();
    return Trained.inPlace(
        run.attached(network), run::score, n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained kerasFunctional(Run run) throws Exception {
    ComputationGraph imported =
        new ComputationGraph(
            KerasModelImport.importKerasModelConfiguration(
                "src/test/resources/keras/functional.json"));
    imported.init();
    ComputationGraph graph =
        new TransferLearning.GraphBuilder(imported)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(run.updater()).build())
            .removeVertexAndConnections("out")
            .addLayer("head", Run.output(), "hidden")
            .setOutputs("head")
            .build();
    return Trained.inPlace(
        run.attached(graph), run::score, g -> g.fit(run.iterator(), run.epochs()));
  }
}
