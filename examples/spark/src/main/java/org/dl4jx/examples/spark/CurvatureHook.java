package org.dl4jx.examples.spark;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.dl4jx.updaters.SophiaHessian;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Adds {@link SophiaHessian} to the networks of the workers, which are made anew in every round.
 * Listeners of the network on the driver don't get there.
 */
final class CurvatureHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  @Override
  public void preUpdate(DataSet batch, Model model) {
    MultiLayerNetwork network = (MultiLayerNetwork) model;
    if (network.getListeners().stream().noneMatch(SophiaHessian.class::isInstance)) {
      network.addListeners(new SophiaHessian());
    }
  }

  @Override
  public void postUpdate(DataSet batch, Model model) {}

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {}
}
