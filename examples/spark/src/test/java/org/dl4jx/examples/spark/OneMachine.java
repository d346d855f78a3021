package org.dl4jx.examples.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Does what Spark should do, with networks that take turns and are saved and loaded in between. */
final class OneMachine {
  private OneMachine() {}

  /** Trains for some epochs, from the network's parameters and updater state on. */
  static MultiLayerNetwork train(
      MultiLayerNetwork start,
      NamedUpdater updater,
      List<LabelledImage> images,
      AveragingRounds rounds,
      long seed,
      int epochs) {
    MultiLayerNetwork network = copy(start);
    for (int epoch = 0; epoch < epochs; epoch++) {
      train(network, updater, inOrder(images, seed, epoch), rounds);
      network.incrementEpochCount();
    }
    return network;
  }

  private static List<LabelledImage> inOrder(List<LabelledImage> images, long seed, int epoch) {
    LabelledImage[] ordered = new LabelledImage[images.size()];
    int[] places = EpochBatches.order(images.size(), seed, epoch);
    for (int i = 0; i < ordered.length; i++) {
      ordered[places[i]] = images.get(i);
    }
    return List.of(ordered);
  }

  private static void train(
      MultiLayerNetwork network,
      NamedUpdater updater,
      List<LabelledImage> images,
      AveragingRounds rounds) {
    int size = rounds.batchSize();
    int batches = images.size() / size / rounds.workers();
    int next = 0;
    while (batches > 0) {
      int each = Math.min(batches, rounds.averagingFrequency());
      List<MultiLayerNetwork> workers = new ArrayList<>();
      for (int i = 0; i < rounds.workers(); i++) {
        MultiLayerNetwork worker = updater.listen(copy(network));
        for (int j = 0; j < each; j++) {
          worker.fit(LabelledImage.batch(images.subList(next, next + size)));
          next += size;
        }
        workers.add(worker);
      }
      network.setParameters(mean(workers.stream().map(MultiLayerNetwork::params).toList()));
      network
          .getUpdater()
          .setStateViewArray(
              network,
              mean(workers.stream().map(w -> w.getUpdater().getStateViewArray()).toList()),
              false);
      network.setIterationCount(network.getIterationCount() + each);
      batches -= each;
    }
  }

  private static INDArray mean(List<INDArray> arrays) {
    INDArray sum = arrays.get(0).dup();
    arrays.stream().skip(1).forEach(sum::addi);
    return sum.divi(arrays.size());
  }

  /** The network as an ordinary program loads it. */
  static MultiLayerNetwork copy(MultiLayerNetwork network) {
    try {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      ModelSerializer.writeModel(network, file, true);
      return ModelSerializer.restoreMultiLayerNetwork(
          new ByteArrayInputStream(file.toByteArray()), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
