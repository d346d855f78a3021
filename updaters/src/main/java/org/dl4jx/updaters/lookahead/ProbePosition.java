package org.dl4jx.updaters.lookahead;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** Where the parameters of a network stand that is trained at points of a look-ahead. */
public final class ProbePosition {
  private final IntSupplier iteration;
  private final List<Block> blocks = new ArrayList<>();

  private record Block(IntToDoubleFunction share, INDArray parameters, INDArray v, INDArray a) {}

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
     * @param iteration the next iteration
     * @return from 0 at θ to 1 at the end of the look-ahead
     */
    double of(U updater, int iteration);
  }

  private <U extends IUpdater> ProbePosition(
      IntSupplier iteration,
      Stream<? extends Trainable> trainables,
      INDArray parameters,
      BaseMultiLayerUpdater<?> updater,
      Class<U> type,
      Share<U> share) {
    this.iteration = iteration;
    if (updater == null) {
      if (iteration.getAsInt() > 0 && trainables.anyMatch(layer -> isTrainedBy(type, layer))) {
        throw new IllegalStateException(
            String.format(
                "the network was trained with %s, but has no updater state: without it nobody knows"
                    + " how far its parameters are from θ. Save and restore the updater with the"
                    + " model, or settle the network before saving it",
                type.getSimpleName()));
      }
      return;
    }
    INDArray flat = parameters.reshape(parameters.length());
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      GradientUpdater<?> blockUpdater = block.getGradientUpdater();
      if (type.isInstance(blockUpdater.getConfig())) {
        U config = type.cast(blockUpdater.getConfig());
        Map<String, INDArray> state = blockUpdater.getState();
        blocks.add(
            new Block(
                next -> share.of(config, next),
                flat.get(
                    NDArrayIndex.interval(block.getParamOffsetStart(), block.getParamOffsetEnd())),
                state.get("V"),
                state.get("A")));
      }
    }
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
   * @throws IllegalStateException if the network was trained, but has no updater state
   */
  public static <U extends IUpdater> ProbePosition of(
      MultiLayerNetwork network, Class<U> type, Share<U> share) {
    return new ProbePosition(
        network::getIterationCount,
        Arrays.stream(network.getLayers()),
        network.params(),
        (BaseMultiLayerUpdater<?>) network.getUpdater(false),
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
   * @throws IllegalStateException if the graph was trained, but has no updater state
   */
  public static <U extends IUpdater> ProbePosition of(
      ComputationGraph graph, Class<U> type, Share<U> share) {
    return new ProbePosition(
        () -> graph.getConfiguration().getIterationCount(),
        Arrays.stream(graph.getLayers()),
        graph.params(),
        graph.getUpdater(false),
        type,
        share);
  }

  /**
   * Moves the parameters to θ. With {@code V = 0} and {@code A} greater by what V was, all probe
   * points of the cycle fall together in θ, and its last iteration still makes the step {@code V +
   * A} of before.
   */
  public void settle() {
    for (Block block : blocks) {
      block.parameters.addi(block.v.mul(block.share.applyAsDouble(iteration.getAsInt())));
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
    int before = iteration.getAsInt();
    List<INDArray> copies = new ArrayList<>();
    arrays().forEach(array -> copies.add(array.dup()));
    settle();
    try {
      T result = evaluation.get();
      putBack(copies, before);
      return result;
    } catch (RuntimeException | Error failed) {
      try {
        putBack(copies, before);
      } catch (IllegalStateException trained) {
        failed.addSuppressed(trained);
      }
      throw failed;
    }
  }

  private void putBack(List<INDArray> copies, int before) {
    if (iteration.getAsInt() != before) {
      throw new IllegalStateException(
          String.format(
              "the network was trained, from iteration %d to %d, by what was only to evaluate it;"
                  + " its parameters and state are left as they are",
              before, iteration.getAsInt()));
    }
    List<INDArray> arrays = arrays();
    for (int i = 0; i < arrays.size(); i++) {
      arrays.get(i).assign(copies.get(i));
    }
  }

  private List<INDArray> arrays() {
    return blocks.stream().flatMap(b -> Stream.of(b.parameters, b.v, b.a)).toList();
  }
}
