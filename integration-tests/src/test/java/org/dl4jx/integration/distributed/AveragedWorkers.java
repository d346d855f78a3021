package org.dl4jx.integration.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Workers that train copies of a network, each on batches of its own, and replace parameters and
 * updater states by their means after every k-th iteration. They do what {@code ParallelWrapper}
 * and Spark's {@code ParameterAveragingTrainingMaster} do, but one after the other on one thread,
 * so the same calls lead to the same numbers.
 */
final class AveragedWorkers {

  /** How the mean of the workers is rounded. */
  enum Mean {
    /** {@code ParallelWrapper} divides by the number of workers before it adds up. */
    OF_PARALLEL_WRAPPER {
      @Override
      void propagate(List<INDArray> arrays) {
        Nd4j.averageAndPropagate(null, arrays);
      }
    },
    /** Spark divides the sum. */
    OF_SPARK {
      @Override
      void propagate(List<INDArray> arrays) {
        INDArray mean = arrays.get(0).dup();
        arrays.subList(1, arrays.size()).forEach(mean::addi);
        mean.divi(arrays.size());
        arrays.forEach(array -> array.assign(mean));
      }
    };

    /** Replaces all of them by their mean. */
    abstract void propagate(List<INDArray> arrays);
  }

  /** What becomes of the updater states when parameters are averaged. */
  enum States {
    /** {@code averageUpdaters(true)}, {@code saveUpdater(true)}. */
    AVERAGED,
    /**
     * {@code averageUpdaters(false)} of {@code ParallelWrapper}: each worker goes on with its own.
     */
    KEPT,
    /** {@code saveUpdater(false)} of Spark: each round starts with what there was at first. */
    STARTED_ANEW
  }

  private final List<MultiLayerNetwork> workers;
  private final int every;
  private final Mean mean;
  private final States states;
  private final INDArray firstState;
  private int iterations;

  /** Workers that average parameters and states as {@code ParallelWrapper} does. */
  AveragedWorkers(MultiLayerNetwork network, int workers, int every) {
    this(network, workers, every, Mean.OF_PARALLEL_WRAPPER, States.AVERAGED);
  }

  /**
   * @param network the first worker; the others are copies of it, and share its listeners
   * @param workers how many
   * @param every k
   */
  AveragedWorkers(MultiLayerNetwork network, int workers, int every, Mean mean, States states) {
    this.workers =
        Stream.concat(
                Stream.of(network), IntStream.range(1, workers).mapToObj(i -> copyOf(network)))
            .toList();
    this.every = every;
    this.mean = mean;
    this.states = states;
    INDArray state = network.getUpdater().getStateViewArray();
    this.firstState = state == null ? null : state.dup();
  }

  private static MultiLayerNetwork copyOf(MultiLayerNetwork network) {
    String json = network.getLayerWiseConfigurations().toJson();
    MultiLayerNetwork copy = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
    copy.init();
    copy.setParams(network.params());
    INDArray state = network.getUpdater().getStateViewArray();
    if (state != null) {
      copy.getUpdater().getStateViewArray().assign(state);
    }
    copy.setListeners(network.getListeners());
    return copy;
  }

  /** The network of a worker. */
  MultiLayerNetwork worker(int index) {
    return workers.get(index);
  }

  /** Of all workers. */
  List<MultiLayerNetwork> workers() {
    return workers;
  }

  /**
   * Deals the batches to the workers in turn. If they run out within an iteration, the workers
   * without a batch take part in no average, as in {@code ParallelWrapper}.
   */
  void fit(List<DataSet> batches) {
    for (int from = 0; from < batches.size(); from += workers.size()) {
      int to = Math.min(batches.size(), from + workers.size());
      for (int i = from; i < to; i++) {
        workers.get(i - from).fit(batches.get(i));
      }
      iterations++;
      if (iterations % every == 0) {
        average(to - from);
      }
    }
  }

  /** Averages all workers. */
  void average() {
    average(workers.size());
  }

  private void average(int taking) {
    List<MultiLayerNetwork> part = workers.subList(0, taking);
    mean.propagate(part.stream().map(MultiLayerNetwork::params).toList());
    List<INDArray> views =
        part.stream()
            .map(worker -> worker.getUpdater().getStateViewArray())
            .filter(Objects::nonNull)
            .toList();
    if (views.isEmpty()) {
      return;
    }
    switch (states) {
      case AVERAGED -> mean.propagate(views);
      case STARTED_ANEW -> views.forEach(view -> view.assign(firstState));
      case KEPT -> {}
    }
  }

  /** The mean of an array of every worker. */
  static INDArray meanOf(List<INDArray> arrays) {
    List<INDArray> copies = new ArrayList<>(arrays.stream().map(INDArray::dup).toList());
    Mean.OF_SPARK.propagate(copies);
    return copies.get(0);
  }
}
