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
 * Where the parameters of a network stand that is trained at points of a look-ahead. The state of
 * its updaters alone tells, since Deeplearning4j's iteration may have been reset.
 */
public final class ProbePosition {
  private final List<Block> blocks;
  private final Supplier<?> updaterNow;

  private record Block(
      StepCount steps, double share, INDArray parameters, INDArray v, INDArray a) {}

  /**
   * Tells how far along the look-ahead the parameters stand.
   *
   * @param <U> the type of the updater
   */
  public interface Share<U extends IUpdater> {
    /**
     * The share of the look-ahead.
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
    // Deeplearning4j makes a new state where somebody asks for the updater, as clone() does.
    boolean isNew = blocks.stream().allMatch(block -> block.steps.get() == 0);
    if (iteration > 0 && isNew && !blocks.isEmpty()) {
      throw noState(type);
    }
    return new ProbePosition(blocks, updaterNow);
  }

  private static IllegalStateException noState(Class<?> type) {
    return new IllegalStateException(
        String.format(
            "the network has %s, but has no updater state of its training, without which nobody"
                + " knows how far its parameters are from θ. Save and restore the updater with the"
                + " model, or settle the network before saving it; for a graph that was never"
                + " trained, call getUpdater() first. If another updater trained the network, its"
                + " parameters are θ until it is trained on",
            type.getSimpleName()));
  }

  private static boolean isTrainedBy(Class<?> type, Trainable layer) {
    return layer.paramTable(false).keySet().stream()
        .anyMatch(name -> type.isInstance(layer.getConfig().getUpdaterByParam(name)));
  }

  /**
   * Where the parameters of a network stand.
   *
   * @param <U> the type of the updater
   * @param network the network
   * @param type the updater that trains at points of its look-ahead
   * @param share tells at which
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
   * Where the parameters of a graph stand.
   *
   * @param <U> the type of the updater
   * @param graph the graph
   * @param type the updater that trains at points of its look-ahead
   * @param share tells at which
   * @return the position
   * @throws IllegalStateException if the graph is not initialized, or has no updater state
   */
  public static <U extends IUpdater> ProbePosition of(
      ComputationGraph graph, Class<U> type, Share<U> share) {
    checkInitialized(given("graph", graph).getVertices() != null);
    // Copies of a graph have an iteration of 0, however long it was trained.
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
          "the network must be initialized before it has any parameters: call init() first");
    }
  }

  /**
   * Moves the parameters to θ. With {@code V = 0} and {@code A} greater by what V was, all probe
   * points of the cycle fall together in θ, and its last iteration still makes the step {@code V +
   * A} of before.
   */
  public void settle() {
    for (Block block : blocks) {
      block.parameters.addi(block.v.mul(block.share));
      block.a.addi(block.v);
      block.v.assign(0);
    }
  }

  /**
   * Evaluates at θ, and puts every bit back.
   *
   * @param <T> type of the result
   * @param evaluation what to do there
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
    } catch (Throwable failed) { // Also a checked exception that nobody declared.
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
          "the updater of the network was replaced, as attach or setLearningRate do, by what was"
              + " only to evaluate it; the network stays at θ, as settle leaves it");
    }
    if (!steps().equals(before)) {
      throw new IllegalStateException(
          String.format(
              "the network was trained, from step %d to %d, by what was only to evaluate it; its"
                  + " parameters and state are left as they are",
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
