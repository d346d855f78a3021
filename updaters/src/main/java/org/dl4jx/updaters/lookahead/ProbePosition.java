package org.dl4jx.updaters.lookahead;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.StepCount;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Where the parameters are in a network that trains at points of a look-ahead. This follows from
 * the state of its updaters alone, because Deeplearning4j's iteration may have been reset.
 */
public final class ProbePosition {
  private final List<Block> blocks;
  private final Supplier<?> updaterNow;

  private record Block(
      StepCount steps, double share, INDArray parameters, INDArray v, INDArray a) {}

  /**
   * Tells how far along the look-ahead the parameters are.
   *
   * @param <U> the type of the updater
   */
  public interface Share<U extends IUpdater> {
    /**
     * The fraction of the look-ahead.
     *
     * @param updater the updater
     * @param steps how many steps it has taken
     * @return from 0 at θ to 1 at the end of the look-ahead
     */
    double of(U updater, long steps);
  }

  private ProbePosition(List<Block> blocks, Supplier<?> updaterNow) {
    this.blocks = blocks;
    this.updaterNow = updaterNow;
  }

  private static <U extends IUpdater> ProbePosition of(
      int iteration,
      boolean isFresh,
      Stream<? extends Trainable> trainables,
      INDArray parameters,
      Supplier<BaseMultiLayerUpdater<?>> updaterNow,
      Class<U> type,
      Share<U> share) {
    BaseMultiLayerUpdater<?> updater = updaterNow.get();
    List<Block> blocks = new ArrayList<>();
    if (updater == null && !isFresh && trainables.anyMatch(layer -> isTrainedBy(type, layer))) {
      throw noState(type);
    }
    if (updater != null) {
      INDArray flat = parameters.reshape(parameters.length());
      for (BlockState state : BlockState.of(updater)) {
        if (type.isInstance(state.updater())) {
          blocks.add(
              new Block(
                  state.steps(),
                  share.of(type.cast(state.updater()), state.steps().get()),
                  flat.get(NDArrayIndex.interval(state.from(), state.to())),
                  state.array("V"),
                  state.array("A")));
        }
      }
    }
    // Deeplearning4j creates a new state when anyone asks for the updater, as clone() does.
    boolean isNew = blocks.stream().allMatch(block -> block.steps.get() == 0);
    if (iteration > 0 && isNew && !blocks.isEmpty()) {
      throw noState(type);
    }
    return new ProbePosition(blocks, updaterNow);
  }

  private static IllegalStateException noState(Class<?> type) {
    return new IllegalStateException(
        String.format(
            "the network has %s but not the updater state from its training, which tells how far"
                + " its parameters are from θ. Save and restore the updater with the model, or"
                + " settle the network before you save it. For a graph that was never trained, call"
                + " getUpdater() first. If another updater trained the network, its parameters are θ"
                + " until you train further",
            type.getSimpleName()));
  }

  private static boolean isTrainedBy(Class<?> type, Trainable layer) {
    return layer.paramTable(false).keySet().stream()
        .anyMatch(name -> type.isInstance(layer.getConfig().getUpdaterByParam(name)));
  }

  /**
   * Where the parameters of a network are.
   *
   * @param <U> the type of the updater
   * @param network the network
   * @param type the class of the updater that trains at points of its look-ahead
   * @param share tells at which points
   * @return the position
   * @throws IllegalStateException if the network is not initialized, or has no updater state
   */
  public static <U extends IUpdater> ProbePosition of(
      MultiLayerNetwork network, Class<U> type, Share<U> share) {
    checkInitialized(given("network", network).isInitCalled());
    return of(
        network.getIterationCount(),
        network.getIterationCount() == 0,
        Arrays.stream(network.getLayers()),
        network.params(),
        () -> (BaseMultiLayerUpdater<?>) network.getUpdater(false),
        type,
        share);
  }

  /**
   * Where the parameters of a graph are.
   *
   * @param <U> the type of the updater
   * @param graph the graph
   * @param type the class of the updater that trains at points of its look-ahead
   * @param share tells at which points
   * @return the position
   * @throws IllegalStateException if the graph is not initialized, or has no updater state
   */
  public static <U extends IUpdater> ProbePosition of(
      ComputationGraph graph, Class<U> type, Share<U> share) {
    checkInitialized(given("graph", graph).getVertices() != null);
    // Copies of a graph have iteration 0, no matter how long it was trained.
    return of(
        graph.getIterationCount(),
        false,
        Arrays.stream(graph.getVertices()),
        graph.params(),
        () -> graph.getUpdater(false),
        type,
        share);
  }

  private static void checkInitialized(boolean isInitialized) {
    if (!isInitialized) {
      throw new IllegalStateException(
          "the network has no parameters before it is initialized: call init() first");
    }
  }

  /**
   * Moves the parameters to θ, sets {@code V} to 0 and adds the old V to {@code A}. Then all probe
   * points of the cycle coincide with θ, and its last iteration still takes the same step {@code V
   * + A}.
   */
  public void settle() {
    for (Block block : blocks) {
      block.parameters.addi(block.v.mul(block.share));
      block.a.addi(block.v);
      block.v.assign(0);
    }
  }

  /**
   * Evaluates at θ and then restores everything, bit for bit.
   *
   * @param <T> type of the result
   * @param evaluation what to do at θ
   * @return what it returned
   * @throws IllegalStateException if it trained the network
   */
  public <T> T atTheta(Supplier<T> evaluation) {
    List<Long> before = steps();
    Object updater = updaterNow.get();
    List<INDArray> copies = new ArrayList<>();
    arrays().forEach(array -> copies.add(array.dup()));
    settle();
    try {
      T result = evaluation.get();
      putBack(copies, before, updater);
      return result;
    } catch (Throwable failed) { // Including undeclared checked exceptions.
      try {
        putBack(copies, before, updater);
      } catch (IllegalStateException trained) {
        failed.addSuppressed(trained);
      }
      throw failed;
    }
  }

  private void putBack(List<INDArray> copies, List<Long> before, Object updater) {
    if (updaterNow.get() != updater) {
      throw new IllegalStateException(
          "code that should only evaluate the network has replaced its updater, as attach and"
              + " setLearningRate do; the network stays at θ, as after settle");
    }
    if (!steps().equals(before)) {
      throw new IllegalStateException(
          String.format(
              "code that should only evaluate the network has trained it, from step %d to %d; its"
                  + " parameters and state stay as they are now",
              Collections.max(before), Collections.max(steps())));
    }
    List<INDArray> arrays = arrays();
    for (int i = 0; i < arrays.size(); i++) {
      arrays.get(i).assign(copies.get(i));
    }
  }

  private List<Long> steps() {
    return blocks.stream().map(block -> block.steps.get()).toList();
  }

  private List<INDArray> arrays() {
    return blocks.stream().flatMap(b -> Stream.of(b.parameters, b.v, b.a)).toList();
  }
}
