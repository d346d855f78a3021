package org.dl4jx.updaters;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.dl4jx.updaters.decay.DecaySite;
import org.dl4jx.updaters.decay.DecoupledWeightDecay;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Hands the weight decay of an updater to the layers, which can apply it.
 *
 * <p>Deeplearning4j shows an updater gradients but no weights, so {@code .updater(new
 * AdamWDecoupled(1e-3, 0.01))} alone could not decay anything. One call makes the pair work:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AdamWDecoupled(1e-3, 0.01))
 *     .list()
 *     ...
 *     .build());
 * }</pre>
 *
 * <p>Every layer whose updater carries a weight decay gets a {@link DecoupledWeightDecay} on its
 * weights; layers inside wrappers ({@code Bidirectional}, {@code FrozenLayer}, ...) and SameDiff
 * layers and vertices too. Biases and normalization parameters are not decayed, unless {@link
 * DecayedParameters#WEIGHTS_AND_BIASES} asks for biases; nor are frozen layers. Layers with other
 * updaters are left as they are. The same call again changes nothing, and a call after updaters or
 * regularizations were replaced, as by transfer learning, brings every layer in step with its
 * updater, also where that carries no decay any more. The pair is saved and restored with the
 * model.
 *
 * <p>An updater whose decay was never attached refuses to train, and one whose decay was taken away
 * from its layer refuses its second step.
 *
 * <p>Each method changes what it is given and returns it. If it throws, nothing was changed:
 *
 * <ul>
 *   <li>{@link IllegalArgumentException} if a layer that would decay has a {@code WeightDecay} or
 *       {@code L2Regularization} already, naming the layer;
 *   <li>{@link IllegalArgumentException} if a layer has weights but lets no regularization reach
 *       them ({@code OCNNOutputLayer}), or has layer normalization and so few inputs that its
 *       weights cannot be told from its gain.
 * </ul>
 */
public final class DecoupledDecay {
  private DecoupledDecay() {}

  /**
   * Attaches the decay of the weights.
   *
   * @param configuration the configuration of a network
   * @return {@code configuration}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static MultiLayerConfiguration attach(MultiLayerConfiguration configuration) {
    return attach(configuration, DecayedParameters.WEIGHTS);
  }

  /**
   * Attaches the decay.
   *
   * @param configuration the configuration of a network
   * @param decayed which parameters decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static MultiLayerConfiguration attach(
      MultiLayerConfiguration configuration, DecayedParameters decayed) {
    List<NeuralNetConfiguration> layers = configuration.getConfs();
    attachAll(
        IntStream.range(0, layers.size())
            .boxed()
            .flatMap(
                i ->
                    DecaySite.of(layers.get(i).getLayer(), String.valueOf(i), biasesToo(decayed))));
    return configuration;
  }

  /**
   * Attaches the decay of the weights.
   *
   * @param configuration the configuration of a graph
   * @return {@code configuration}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static ComputationGraphConfiguration attach(ComputationGraphConfiguration configuration) {
    return attach(configuration, DecayedParameters.WEIGHTS);
  }

  /**
   * Attaches the decay.
   *
   * @param configuration the configuration of a graph
   * @param decayed which parameters decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static ComputationGraphConfiguration attach(
      ComputationGraphConfiguration configuration, DecayedParameters decayed) {
    attachAll(
        configuration.getVertices().entrySet().stream()
            .flatMap(
                vertex -> DecaySite.of(vertex.getValue(), vertex.getKey(), biasesToo(decayed))));
    return configuration;
  }

  /**
   * Attaches the decay of the weights. The state of an updater that has trained already is kept.
   *
   * @param network the network
   * @return {@code network}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static MultiLayerNetwork attach(MultiLayerNetwork network) {
    return attach(network, DecayedParameters.WEIGHTS);
  }

  /**
   * Attaches the decay. The state of an updater that has trained already is kept.
   *
   * @param network the network
   * @param decayed which parameters decay
   * @return {@code network}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static MultiLayerNetwork attach(MultiLayerNetwork network, DecayedParameters decayed) {
    attach(network.getLayerWiseConfigurations(), decayed);
    if (network.getUpdater(false) instanceof MultiLayerUpdater before) {
      MultiLayerUpdater after = new MultiLayerUpdater(network);
      copyState(before, after);
      network.setUpdater(after);
    }
    return network;
  }

  /**
   * Attaches the decay of the weights. The state of an updater that has trained already is kept.
   *
   * @param graph the graph
   * @return {@code graph}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static ComputationGraph attach(ComputationGraph graph) {
    return attach(graph, DecayedParameters.WEIGHTS);
  }

  /**
   * Attaches the decay. The state of an updater that has trained already is kept.
   *
   * @param graph the graph
   * @param decayed which parameters decay
   * @return {@code graph}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static ComputationGraph attach(ComputationGraph graph, DecayedParameters decayed) {
    attach(graph.getConfiguration(), decayed);
    ComputationGraphUpdater before = graph.getUpdater(false);
    if (before != null) {
      ComputationGraphUpdater after = new ComputationGraphUpdater(graph);
      copyState(before, after);
      graph.setUpdater(after);
    }
    return graph;
  }

  /**
   * Attaches the decay of the weights of a SameDiff model.
   *
   * @param config the training configuration
   * @return {@code config}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static TrainingConfig attach(TrainingConfig config) {
    return attach(config, DecayedParameters.WEIGHTS);
  }

  /**
   * Attaches the decay of a SameDiff model.
   *
   * @param config the training configuration
   * @param decayed which parameters decay
   * @return {@code config}
   * @throws IllegalArgumentException if a layer cannot have the decay, as said above
   */
  public static TrainingConfig attach(TrainingConfig config, DecayedParameters decayed) {
    attachAll(Stream.of(DecaySite.of(config, biasesToo(decayed))));
    return config;
  }

  private static boolean biasesToo(DecayedParameters decayed) {
    return decayed == DecayedParameters.WEIGHTS_AND_BIASES;
  }

  /** Finds everything that is wrong before it changes anything. */
  private static void attachAll(Stream<DecaySite> sites) {
    List<Runnable> changes = sites.map(DecaySite::plan).toList();
    changes.forEach(Runnable::run);
  }

  /**
   * Carries state over to an updater of the same network whose blocks may be cut differently: a
   * block holds its first state array for all its parameters, then its second, and so on.
   */
  private static void copyState(BaseMultiLayerUpdater<?> before, BaseMultiLayerUpdater<?> after) {
    for (UpdaterBlock old : before.getUpdaterBlocks()) {
      for (UpdaterBlock block : after.getUpdaterBlocks()) {
        long from = Math.max(old.getParamOffsetStart(), block.getParamOffsetStart());
        long to = Math.min(old.getParamOffsetEnd(), block.getParamOffsetEnd());
        if (from < to && keepSameState(old, block)) {
          long arrays = old.getUpdaterView().length() / parameters(old);
          for (long i = 0; i < arrays; i++) {
            stateOf(block, i, from, to).assign(stateOf(old, i, from, to));
          }
        }
      }
    }
  }

  /**
   * State that another kind of updater left behind means nothing to this one, which starts anew.
   */
  private static boolean keepSameState(UpdaterBlock old, UpdaterBlock block) {
    GradientUpdater<?> before = old.getGradientUpdater();
    GradientUpdater<?> after = block.getGradientUpdater();
    return old.getUpdaterView() != null
        && before.getConfig().getClass() == after.getConfig().getClass()
        && before.getState().keySet().equals(after.getState().keySet());
  }

  private static INDArray stateOf(UpdaterBlock block, long array, long from, long to) {
    long start = array * parameters(block) - block.getParamOffsetStart();
    return block.getUpdaterView().get(NDArrayIndex.interval(start + from, start + to));
  }

  private static long parameters(UpdaterBlock block) {
    return block.getParamOffsetEnd() - block.getParamOffsetStart();
  }
}
