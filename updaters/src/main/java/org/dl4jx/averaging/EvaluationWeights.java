package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.given;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.function.Function;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.listeners.ModelFile;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Weights at which a network or graph is better evaluated than at those that it trains with:
 *
 * <ul>
 *   <li>averages: {@link ExponentialMovingAverage}, {@link StochasticWeightAverage};
 *   <li>the points of updaters that train elsewhere: θ of {@code AveragedNesterovs}, x of {@code
 *       ScheduleFreeAdamW}, the slow weights of {@code Lookahead}; {@link #ofUpdaters()} is
 *       whatever a network's own updaters want.
 * </ul>
 *
 * <pre>{@code
 * ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
 * network.addListeners(average);
 * network.fit(train);
 * Evaluation evaluation = average.at(network, n -> n.evaluate(test));
 * average.save(network, servedFile); // a model to serve; training can go on
 * }</pre>
 *
 * <p>Scores that Deeplearning4j reports while it trains are those at the weights that it trains
 * with. The methods here score elsewhere: {@link #scoreCalculator} and {@link #modelSaver} for
 * early stopping, {@link #evaluativeListener} along the way.
 *
 * <p>To make your own, implement {@link #pointOf}, for example with {@link
 * EvaluationPoint#of(Model, org.nd4j.linalg.api.ndarray.INDArray, String)}.
 */
@FunctionalInterface
public interface EvaluationWeights extends Serializable {

  /**
   * Where these weights are for a network or graph.
   *
   * @param model the network or graph
   * @return the place
   * @throws IllegalArgumentException if it is neither a network nor a graph
   * @throws IllegalStateException if these weights are not known for it, with a remedy
   */
  EvaluationPoint pointOf(Model model);

  /**
   * Where the updaters of a network want its parameters to be evaluated. Parameters whose updater
   * trains where it evaluates, as most do, stay where they are.
   *
   * @return θ, x and slow weights, whatever a network has
   */
  static EvaluationWeights ofUpdaters() {
    return model -> EvaluationPoint.ofUpdaters(model, TrainsElsewhere.class);
  }

  /**
   * Evaluates a network at these weights, and then puts every bit of its parameters and its state
   * back, even if the evaluation fails:
   *
   * <pre>{@code
   * Evaluation evaluation = EvaluationWeights.ofUpdaters().at(network, n -> n.evaluate(test));
   * }</pre>
   *
   * <p>It may be called at any time, also by a listener. It takes a copy of the parameters.
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param <T> type of the result
   * @param network the network
   * @param evaluation what to do with the network at these weights; must not train it
   * @return what {@code evaluation} returned
   * @throws IllegalStateException if {@code evaluation} trained the network, and in the cases of
   *     {@link #pointOf}. The updaters of dl4jx, and averages among the network's listeners, refuse
   *     a step before anything moves. If other updaters have taken it, the network keeps what it
   *     learned
   */
  default <M extends Model, T> T at(M network, Function<? super M, ? extends T> evaluation) {
    given("evaluation", evaluation);
    return pointOf(network).evaluate(() -> evaluation.apply(network));
  }

  /**
   * Moves a network to these weights for good, when its training is done. Parameters that batch
   * normalization keeps may have to be {@linkplain BatchNormalizationStatistics estimated} anew.
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param network the network
   * @return {@code network}
   * @throws IllegalStateException in the cases of {@link #pointOf}
   */
  default <M extends Model> M moveTo(M network) {
    pointOf(network).move();
    return network;
  }

  /**
   * Saves a network at these weights, without its updater: what to serve. Training can go on. If
   * this fails, a file that was there stays as it was.
   *
   * @param network the network or graph
   * @param file the file, which {@code MultiLayerNetwork.load} or {@code ComputationGraph.load}
   *     reads
   * @throws IOException if it cannot be written
   * @throws IllegalStateException in the cases of {@link #pointOf}
   */
  default void save(Model network, File file) throws IOException {
    EvaluationPoint point = pointOf(network);
    ModelFile.replace(
        given("file", file).toPath(),
        path -> point.write(() -> ModelSerializer.writeModel(network, path.toFile(), false)));
  }

  /**
   * Scores a network at these weights, for early stopping:
   *
   * <pre>{@code
   * ExponentialMovingAverage average = new ExponentialMovingAverage(0.99);
   * network.addListeners(average);
   * EarlyStoppingConfiguration<MultiLayerNetwork> stopping =
   *     new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
   *         .scoreCalculator(average.scoreCalculator(new DataSetLossCalculator(test, true)))
   *         .modelSaver(average.modelSaver(new InMemoryModelSaver<>()))
   *         .epochTerminationConditions(new MaxEpochsTerminationCondition(20))
   *         .build();
   * }</pre>
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param calculator how to score
   * @return a calculator that does so at these weights
   */
  default <M extends Model> ScoreCalculator<M> scoreCalculator(ScoreCalculator<M> calculator) {
    return new EvaluationWeightsScoreCalculator<>(this, given("calculator", calculator));
  }

  /**
   * Saves the best network of early stopping at these weights, which it was scored at. The latest
   * one is saved as it is, to train further.
   *
   * @param <M> {@code MultiLayerNetwork} or {@code ComputationGraph}
   * @param saver where to save
   * @return a saver that does so at these weights
   */
  default <M extends Model> EarlyStoppingModelSaver<M> modelSaver(
      EarlyStoppingModelSaver<M> saver) {
    return new EvaluationWeightsModelSaver<>(this, given("saver", saver));
  }

  /**
   * Evaluates a network at these weights while it trains, as Deeplearning4j's {@link
   * EvaluativeListener} does at the weights that it trains with. List it after an average.
   *
   * @param data what to evaluate on
   * @param frequency after how many iterations or epochs
   * @param type what {@code frequency} counts
   * @param evaluations how; an {@code Evaluation} if there are none
   * @return the listener
   */
  default EvaluativeListener evaluativeListener(
      DataSetIterator data, int frequency, InvocationType type, IEvaluation<?>... evaluations) {
    return new EvaluationWeightsListener(this, data, frequency, type, evaluations);
  }

  /**
   * Evaluates a graph at these weights while it trains, on data with several inputs or outputs.
   *
   * @param data what to evaluate on
   * @param frequency after how many iterations or epochs
   * @param type what {@code frequency} counts
   * @param evaluations how; an {@code Evaluation} if there are none
   * @return the listener
   */
  default EvaluativeListener evaluativeListener(
      MultiDataSetIterator data,
      int frequency,
      InvocationType type,
      IEvaluation<?>... evaluations) {
    return new EvaluationWeightsListener(this, data, frequency, type, evaluations);
  }
}
