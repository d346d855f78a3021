package org.dl4jx.benchmarks;

/** Who takes part in a round. */
public enum Contestant {
  /** Deeplearning4j's own updater. */
  BUILT_IN,
  /** The updater of dl4jx by ND4J operations, as on another backend; without the guard. */
  OPERATIONS,
  /** The updater of dl4jx by its formula, without the loop fused by hand; without the guard. */
  FORMULA,
  /** The updater of dl4jx as it is by default: with the guard against non-finite gradients. */
  OURS,
  /** The updater of dl4jx with {@code NonFinitePolicy.PROPAGATE}. */
  UNGUARDED,
  /** The updater of dl4jx without its decay. */
  UNDECAYED,
  /** {@code params.subi(update)}, which Deeplearning4j does after every updater. */
  SUBTRACT,
  /** {@code target.assign(gradient)}, the measure of what memory allows. */
  COPY,
  /** Deeplearning4j's {@code Sgd}, the floor of what a network with an updater takes. */
  SGD
}
