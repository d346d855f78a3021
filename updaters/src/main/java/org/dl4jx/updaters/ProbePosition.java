package org.dl4jx.updaters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
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

/** Where the parameters of a network stand that {@link AveragedNesterovs} trains. */
final class ProbePosition {
  private final IntSupplier iteration;
  private final List<Block> blocks = new ArrayList<>();

  private record Block(AveragedNesterovs updater, INDArray parameters, INDArray v, INDArray a) {}

  private ProbePosition(
      IntSupplier iteration,
      Stream<? extends Trainable> trainables,
      INDArray parameters,
      BaseMultiLayerUpdater<?> updater) {
    this.iteration = iteration;
    if (updater == null) {
      if (iteration.getAsInt() > 0 && trainables.anyMatch(ProbePosition::isAveraged)) {
        throw new IllegalStateException(
            "the network was trained with AveragedNesterovs, but has no updater state: without it"
                + " nobody knows how far its parameters are from θ. Save and restore the updater"
                + " with the model, or settle the network before saving it");
      }
      return;
    }
    INDArray flat = parameters.reshape(parameters.length());
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      GradientUpdater<?> blockUpdater = block.getGradientUpdater();
      if (blockUpdater.getConfig() instanceof AveragedNesterovs averaged) {
        Map<String, INDArray> state = blockUpdater.getState();
        blocks.add(
            new Block(
                averaged,
                flat.get(
                    NDArrayIndex.interval(block.getParamOffsetStart(), block.getParamOffsetEnd())),
                state.get("V"),
                state.get("A")));
      }
    }
  }

  private static boolean isAveraged(Trainable layer) {
    return layer.paramTable(false).keySet().stream()
        .anyMatch(name -> layer.getConfig().getUpdaterByParam(name) instanceof AveragedNesterovs);
  }

  static ProbePosition of(MultiLayerNetwork network) {
    return new ProbePosition(
        network::getIterationCount,
        Arrays.stream(network.getLayers()),
        network.params(),
        (BaseMultiLayerUpdater<?>) network.getUpdater(false));
  }

  static ProbePosition of(ComputationGraph graph) {
    return new ProbePosition(
        () -> graph.getConfiguration().getIterationCount(),
        Arrays.stream(graph.getLayers()),
        graph.params(),
        graph.getUpdater(false));
  }

  /**
   * With {@code V = 0} and {@code A} greater by what V was, all probe points of the cycle fall
   * together in θ, and its last iteration still makes the step {@code V + A} of before.
   */
  void settle() {
    for (Block block : blocks) {
      LookaheadAverage average = block.updater.getAverage();
      double point = average.point(iteration.getAsInt() % average.probes());
      block.parameters.addi(block.v.mul(point));
      block.a.addi(block.v);
      block.v.assign(0);
    }
  }

  <T> T atTheta(Supplier<T> evaluation) {
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
