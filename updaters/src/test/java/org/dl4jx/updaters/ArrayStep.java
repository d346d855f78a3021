package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A network whose steps can be given any gradient. By default, its arrays are the weights (0, 2, 4)
 * and biases (1, 3, 5) of two dense layers, 4 x 6 and 6 x 3, and an output layer, 3 x 3.
 */
final class ArrayStep {
  private final MultiLayerNetwork network;
  private final List<String> names;
  private final Map<String, INDArray> gradients = new TreeMap<>();

  ArrayStep(DataType type, IUpdater updater) {
    this(
        type,
        updater,
        new DenseLayer.Builder().nIn(4).nOut(6).build(),
        new DenseLayer.Builder().nIn(6).nOut(3).build(),
        Networks.output().nIn(3).nOut(3).build());
  }

  ArrayStep(DataType type, IUpdater updater, Layer... layers) {
    var list = Networks.with(updater).dataType(type).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerConfiguration conf = DecoupledDecay.attach(list.build());
    network = new MultiLayerNetwork(conf);
    network.init();
    network.initGradientsView();
    Networks.spread(network);
    names = new ArrayList<>(network.paramTable().keySet());
    for (int i = 0; i < network.getnLayers(); i++) {
      var layer = network.getLayer(i);
      String prefix = i + "_";
      layer
          .conf()
          .getLayer()
          .initializer()
          .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray())
          .forEach((name, array) -> gradients.put(prefix + name, array));
    }
  }

  MultiLayerNetwork network() {
    return network;
  }

  int arrays() {
    return names.size();
  }

  /** The gradient of an array; after a step, its update. */
  INDArray gradient(int index) {
    return gradients.get(names.get(index));
  }

  /** The gradient of an array by its name, such as "0_W". */
  INDArray gradient(String name) {
    return gradients.get(name);
  }

  INDArray weights(int index) {
    return network.getParam(names.get(index));
  }

  boolean decays(int index) {
    return names.get(index).endsWith("W");
  }

  /** Turns the gradient into the update. The weights stay. */
  void take(int iteration) {
    INDArray all = network.getFlattenedGradients();
    network
        .getUpdater()
        .update(
            network, new DefaultGradient(all), iteration, 0, 1, LayerWorkspaceMgr.noWorkspaces());
  }

  /** Fails unless a batch with a NaN in one array leaves the state and every update alone. */
  static void assertSkipsABrokenBatch(IUpdater skipping) {
    ArrayStep step = new ArrayStep(DataType.FLOAT, skipping);
    for (int i = 0; i < step.arrays(); i++) {
      step.gradient(i).assign(1 + i);
    }
    step.take(0);
    INDArray before = step.network().getUpdater().getStateViewArray().dup();
    step.gradient(3).putScalar(1, Float.NaN);

    step.take(1);

    assertThat(step.network().getUpdater().getStateViewArray()).isEqualTo(before);
    for (int i = 0; i < step.arrays(); i++) {
      assertThat(step.gradient(i).amaxNumber().doubleValue()).isZero();
    }
  }
}
