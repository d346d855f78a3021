package org.dl4jx.updaters;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.Models;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.dl4jx.updaters.sophia.SampledGradient;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gives {@link SophiaG} its estimates of the curvature. Add it to every network that SophiaG
 * trains:
 *
 * <pre>{@code
 * network.setListeners(new SophiaHessian(), new ScoreIterationListener(100));
 * }</pre>
 *
 * <p>After every k-th step of the updater, it draws labels for the batch from the network's own
 * output, at the parameters after the step: one class per example, pixel or time step from a
 * softmax, and each label on its own from a sigmoid. Then it computes the gradient {@code ĝ} of the
 * mean loss for these labels, without penalties and clipping, and takes {@code B ĝ²} into the
 * average h. B is the number of examples in the batch. If the network has {@code miniBatch(false)},
 * its loss is a sum, and so is ĝ; then B is 1.
 *
 * <p>Nothing else changes: parameters, gradient, score, activations, the statistics of batch
 * normalization, and the random numbers of dropout are as they would be without it. Other listeners
 * do not notice.
 *
 * <p>Draws depend only on the seed, on the updater's own step count, and on the input of the batch.
 * So a restored network goes on bit for bit with a new listener of the same seed.
 *
 * <ul>
 *   <li>Outputs can be OutputLayer, RnnOutputLayer, LossLayer, RnnLossLayer and CnnLossLayer, with
 *       softmax and MCXENT, NEGATIVELOGLIKELIHOOD or SPARSE_MCXENT, or with sigmoid and XENT. Class
 *       weights are refused, because the square of a weighted gradient is not the curvature.
 *   <li>Networks and graphs may have several inputs and outputs, masks, frozen layers, layers with
 *       other updaters, and SophiaG in {@link Lookahead}. Truncated backpropagation through time is
 *       refused.
 *   <li>List it before a CheckpointListener. Otherwise the files lack the estimate that is due, and
 *       make up for it on the next batch.
 *   <li>It needs as much memory as the gradient. An estimate holds the activations of a batch, like
 *       a step. The memory is free again at the end of an epoch, which Deeplearning4j does not
 *       announce if you call {@code fit(DataSet)}.
 *   <li>ParallelWrapper calls the listeners of its model in every worker. Each worker then makes
 *       estimates from its own batches and draws, and they are averaged with the rest of the state.
 *   <li>An estimate that is not finite is tried again on the next batch, before its step. If that
 *       is not finite either, the {@link NonFinitePolicy} of the updater decides: FAIL stops, and
 *       SKIP keeps h as it is. With PROPAGATE, it is taken, and H stays infinite or NaN.
 * </ul>
 *
 * <p>The estimator is algorithm 2 (Gauss–Newton–Bartlett) of Liu et al., <a
 * href="https://arxiv.org/abs/2305.14342">Sophia</a> (2023). In the authors' code, it is a part of
 * the training loop, before {@code update_hessian()}.
 */
public class SophiaHessian extends BaseTrainingListener {
  private static final long DEFAULT_SEED = 12_345;

  private final long seed;

  /** Workers of ParallelWrapper share the listener, and each has a network of its own. */
  private final ThreadLocal<SampledGradient> gradients = new ThreadLocal<>();

  /** Graphs drop the labels of their batch before a step. */
  private final ThreadLocal<INDArray[]> labelsOfGraph = new ThreadLocal<>();

  /** A listener with the seed 12345. */
  public SophiaHessian() {
    this(DEFAULT_SEED);
  }

  /**
   * A listener.
   *
   * @param seed the seed of the draws
   */
  public SophiaHessian(long seed) {
    this.seed = seed;
  }

  @Override
  public void onBackwardPass(Model model) {
    if (model instanceof ComputationGraph graph) {
      labelsOfGraph.set(
          IntStream.range(0, graph.getNumOutputArrays())
              .mapToObj(i -> labels(graph.getOutputLayer(i)))
              .toArray(INDArray[]::new));
    }
  }

  private static INDArray labels(Layer output) {
    Layer inside = output instanceof FrozenLayerWithBackprop f ? f.getInsideLayer() : output;
    return inside instanceof IOutputLayer layer ? layer.getLabels() : null;
  }

  /** Makes up for an estimate that is still due, before the step that needs it. */
  @Override
  public void onGradientCalculation(Model model) {
    estimateIfDue(model, true);
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    estimateIfDue(model, false);
    labelsOfGraph.remove();
  }

  @Override
  public void onEpochEnd(Model model) {
    gradients.remove();
  }

  private void estimateIfDue(Model model, boolean isLastChance) {
    List<BlockState> blocks = blocks(model);
    if (blocks.isEmpty()) {
      return;
    }
    SampledGradient sampled = gradientsOf(model);
    List<BlockState> due = blocks.stream().filter(block -> updater(block).isDue(block)).toList();
    if (due.isEmpty()) {
      return;
    }
    long steps = due.stream().mapToLong(block -> block.steps().get()).max().orElseThrow();
    int batchSize = model.conf().isMiniBatch() ? model.batchSize() : 1;
    INDArray gradient = sampled.sum(labels(model), random(steps, inputs(model))).divi(batchSize);
    for (BlockState block : due) {
      INDArray part = gradient.get(NDArrayIndex.interval(block.from(), block.to()));
      long bad = updater(block).takeEstimate(block, part, batchSize);
      if (bad > 0 && isLastChance) {
        leaveOut(block, model, bad);
      }
    }
  }

  private static void leaveOut(BlockState block, Model model, long bad) {
    SophiaG updater = updater(block);
    if (updater.getNonFiniteGradients() == NonFinitePolicy.FAIL) {
      throw new NonFiniteGradientException(
          "the estimate of the curvature for " + updater,
          BaseOptimizer.getIterationCount(model),
          BaseOptimizer.getEpochCount(model),
          bad,
          block.to() - block.from());
    }
    updater.skipEstimate(block);
  }

  /** The blocks that SophiaG trains; none before the first step, and none of other models. */
  private static List<BlockState> blocks(Model model) {
    BaseMultiLayerUpdater<?> updaters = Models.isNetwork(model) ? Models.updaters(model) : null;
    if (updaters == null) {
      return List.of();
    }
    return BlockState.of(updaters).stream()
        .map(SophiaHessian::unwrapped)
        .filter(block -> block.updater() instanceof SophiaG)
        .toList();
  }

  private static BlockState unwrapped(BlockState block) {
    return UpdaterWrapper.unwrap(block.updater()) instanceof SophiaG ? block.unwrapped() : block;
  }

  private static SophiaG updater(BlockState block) {
    return (SophiaG) block.updater();
  }

  private SampledGradient gradientsOf(Model model) {
    SampledGradient known = gradients.get();
    if (known == null || !known.isOf(model)) {
      known = SampledGradient.of(model);
      gradients.set(known);
    }
    return known;
  }

  private INDArray[] labels(Model model) {
    return model instanceof MultiLayerNetwork network
        ? new INDArray[] {network.getLabels()}
        : labelsOfGraph.get();
  }

  private static INDArray[] inputs(Model model) {
    return model instanceof MultiLayerNetwork network
        ? new INDArray[] {network.getInput()}
        : ((ComputationGraph) model).getInputs();
  }

  /**
   * Other streams for neighbouring seeds and steps, and for other batches, because workers of
   * ParallelWrapper have the same seed and step.
   */
  SplittableRandom random(long steps, INDArray... inputs) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() ^ steps);
    for (INDArray input : inputs) {
      int hash = Arrays.hashCode(input.dup('c').data().asFloat());
      random = new SplittableRandom(random.nextLong() ^ hash);
    }
    return random;
  }
}
