package org.dl4jx.updaters.engine;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jx.updaters.engine.BlockWeights.Run;
import org.dl4jx.updaters.engine.BlockWeights.Shown;
import org.dl4jx.updaters.engine.RuleUpdater.Block;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Takes the steps of {@link ArrayRule array rules} on a block of parameters. */
final class ArraySteps {
  private final SpareMatrices spare = new SpareMatrices();

  /** The steps in tiles over runs of the state, which stay the same while the state does. */
  private final Map<Run, TiledStep<?>> tiled = new IdentityHashMap<>();

  private TiledStep<?> tiledWhole;
  private List<Run> runs = List.of();

  /** Turns the gradient into the update. */
  void apply(ArrayRule rule, double decay, Block block, BlockWeights weights) {
    ArrayRule.Others others = rule.others();
    if (others == null) {
      applyToArrays(rule, decay, block, weights);
      return;
    }
    for (Run run : runsOf(block, weights)) {
      Block part = part(block, run);
      if (run.matrices() == Matrices.NONE) {
        part.apply(others.rule(), others.decay(), run.weights());
      } else {
        applyToArrays(rule, decay, part, run.weights());
      }
    }
  }

  private void applyToArrays(ArrayRule rule, double decay, Block block, BlockWeights weights) {
    block.apply(rule, rule.decaysFirst() ? decay : 0, weights);
    INDArray update = block.gradient();
    if (weights.arrays().isEmpty()) {
      rule.finish(new ParameterArray(update, null, Matrices.NONE, spare));
    }
    for (Shown array : weights.arrays()) {
      INDArray its = some(update, array.from(), array.to());
      rule.finish(new ParameterArray(its, array.weights(), matrices(array, its), spare));
    }
    if (!rule.decaysFirst() && decay != 0) {
      weights.decay(rule, decay, update, block.state());
    }
  }

  /** In SameDiff, weights and updates may be stored in different orders. */
  private static Matrices matrices(Shown array, INDArray update) {
    return update.rank() < 2 || array.matrices() == Matrices.NONE
        ? array.matrices()
        : Matrices.of(update);
  }

  private List<Run> runsOf(Block block, BlockWeights weights) {
    List<Run> now = weights.runs(block.gradient().length());
    if (now != runs || block.tiled() != tiledWhole) {
      tiled.clear();
      runs = now;
      tiledWhole = block.tiled();
    }
    return now;
  }

  private Block part(Block block, Run run) {
    if (run.to() - run.from() == block.gradient().length()) {
      return block;
    }
    INDArray gradient = some(block.gradient(), run.from(), run.to());
    INDArray[] state =
        Stream.of(block.state())
            .map(array -> some(array, run.from(), run.to()))
            .toArray(INDArray[]::new);
    TiledStep<?> steps =
        block.tiled() == null ? null : tiled.computeIfAbsent(run, missing -> TiledStep.over(state));
    return new Block(gradient, state, steps);
  }

  private static INDArray some(INDArray array, long from, long to) {
    INDArrayIndex place = NDArrayIndex.interval(from, to);
    return to - from == array.length() ? array : array.get(place);
  }
}
