package org.dl4jx.updaters;

/**
 * What {@link DecoupledDecay} does if weights already have {@code l2} or Deeplearning4j's {@code
 * WeightDecay}, so they would decay twice; by default {@link #REFUSE}.
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
 *     .updater(new AdamWDecoupled(1e-3, 0.01))
 *     .l2(1e-4)
 *     .list()
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(784).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build();
 * DecoupledDecay.attach(conf); // throws IllegalArgumentException
 * DecoupledDecay.attach(conf, ExistingDecay.REPLACE);
 * }</pre>
 */
public enum ExistingDecay implements DecayOption {
  /** Refuses to attach. */
  REFUSE,
  /**
   * Removes the other decay from all weights of a layer if any of them decays here, and likewise
   * from its biases, because Deeplearning4j has one list of regularizations for each. Other layers
   * keep theirs.
   */
  REPLACE
}
