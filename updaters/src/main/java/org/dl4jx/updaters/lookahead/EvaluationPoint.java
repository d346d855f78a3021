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
 * Where to evaluate a network whose parameters are elsewhere while it trains. This follows from the
 * state of its updaters alone, because Deeplearning4j's iteration may have been reset.
 */
public final class EvaluationPoint {
  private final Kind<?> kind;
  private final List<Block> blocks;
  private final Supplier<?> updaterNow;

  /**
   * An updater whose network is to be evaluated elsewhere.
   *
   * @param <U> the type of the updater
   * @param type its class
   * @param point the name of the point at which to evaluate, in messages
   * @param call the name of the method that moves the parameters there, in messages
   * @param arrays the names of the state arrays that this needs or changes
   * @param move moves the parameters there
   */
  public record Kind<U extends IUpdater>(
      Class<U> type, String point, String call, List<String> arrays, Move<U> move) {

    private Block block(BlockState state, INDArray parameters) {
      U updater = type.cast(state.updater());
      StepCount steps = state.steps();
      List<INDArray> values = arrays.stream().map(state::array).toList();
      return new Block(
          steps, parameters, values, () -> move.apply(updater, steps.get(), parameters, values));
    }
  }

  /**
   * Moves the parameters of a block.
   *
   * @param <U> the type of the updater
   */
  public interface Move<U extends IUpdater> {
    /**
     * Moves the parameters to the point. Training continues from there, so this may change the
     * state too.
     *
     * @param updater the updater
     * @param steps how many steps it has taken
     * @param parameters the parameters
     * @param arrays the state arrays
     */
    void apply(U updater, long steps, INDArray parameters, List<INDArray> arrays);
  }

  private record Block(StepCount steps, INDArray parameters, List<INDArray> state, Runnable move) {}

  private EvaluationPoint(Kind<?> kind, List<Block> blocks, Supplier<?> updaterNow) {
    this.kind = kind;
    this.blocks = blocks;
    this.updaterNow = updaterNow;
  }

  private static EvaluationPoint of(
      int iteration,
      boolean isFresh,
      Stream<? extends Trainable> trainables,
      INDArray parameters,
      Supplier<BaseMultiLayerUpdater<?>> updaterNow,
      Kind<?> kind) {
    BaseMultiLayerUpdater<?> updater = updaterNow.get();
    List<Block> blocks = new ArrayList<>();
    if (updater == null
        && !isFresh
        && trainables.anyMatch(layer -> isTrainedBy(kind.type, layer))) {
      throw noState(kind);
    }
    if (updater != null) {
      INDArray flat = parameters.reshape(parameters.length());
      for (BlockState state : BlockState.of(updater)) {
        if (kind.type.isInstance(state.updater())) {
          INDArray own = flat.get(NDArrayIndex.interval(state.from(), state.to()));
          blocks.add(kind.block(state, own));
        }
      }
    }
    // Deeplearning4j creates a new state when anyone asks for the updater, as clone() does.
    boolean isNew = blocks.stream().allMatch(block -> block.steps.get() == 0);
    if (iteration > 0 && isNew && !blocks.isEmpty()) {
      throw noState(kind);
    }
    return new EvaluationPoint(kind, blocks, updaterNow);
  }

  private static IllegalStateException noState(Kind<?> kind) {
    return new IllegalStateException(
        String.format(
            "the network has %1$s but not the updater state from its training, which tells how far"
                + " its parameters are from %2$s. Save and restore the updater with the model, or"
                + " call %3$s before you save it. For a graph that was never trained, call"
                + " getUpdater() first. If another updater trained the network, its parameters are"
                + " %2$s until you train further",
            kind.type.getSimpleName(), kind.point, kind.call));
  }

  private static boolean isTrainedBy(Class<?> type, Trainable layer) {
    return layer.paramTable(false).keySet().stream()
        .anyMatch(name -> type.isInstance(layer.getConfig().getUpdaterByParam(name)));
  }

  /**
   * Where to evaluate a network.
   *
   * @param network the network
   * @param kind the updater whose parameters to move
   * @return the point
   * @throws IllegalStateException if the network is not initialized, or has no updater state
   */
  public static EvaluationPoint of(MultiLayerNetwork network, Kind<?> kind) {
    checkInitialized(given("network", network).isInitCalled());
    return of(
        network.getIterationCount(),
        network.getIterationCount() == 0,
        Arrays.stream(network.getLayers()),
        network.params(),
        () -> (BaseMultiLayerUpdater<?>) network.getUpdater(false),
        kind);
  }

  /**
   * Where to evaluate a graph.
   *
   * @param graph the graph
   * @param kind the updater whose parameters to move
   * @return the point
   * @throws IllegalStateException if the graph is not initialized, or has no updater state
   */
  public static EvaluationPoint of(ComputationGraph graph, Kind<?> kind) {
    checkInitialized(given("graph", graph).getVertices() != null);
    // Copies of a graph have iteration 0, no matter how long it was trained.
    return of(
        graph.getIterationCount(),
        false,
        Arrays.stream(graph.getVertices()),
        graph.params(),
        () -> graph.getUpdater(false),
        kind);
  }

  private static void checkInitialized(boolean isInitialized) {
    if (!isInitialized) {
      throw new IllegalStateException(
          "the network has no parameters before it is initialized: call init() first");
    }
  }

  /** Moves the parameters there. */
  public void move() {
    blocks.forEach(block -> block.move.run());
  }

  /**
   * Evaluates there and then restores everything, bit for bit.
   *
   * @param <T> type of the result
   * @param evaluation what to do there
   * @return what it returned
   * @throws IllegalStateException if it trained the network
   */
  public <T> T evaluate(Supplier<T> evaluation) {
    List<Long> before = steps();
    Object updater = updaterNow.get();
    List<INDArray> copies = new ArrayList<>();
    arrays().forEach(array -> copies.add(array.dup()));
    move();
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
          String.format(
              "code that should only evaluate the network has replaced its updater, as attach and"
                  + " setLearningRate do; the network stays at %s, as after %s",
              kind.point, kind.call));
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
    return blocks.stream()
        .flatMap(block -> Stream.concat(Stream.of(block.parameters), block.state.stream()))
        .toList();
  }
}
