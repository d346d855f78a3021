package org.dl4jx.updaters.engine;

/**
 * A rule with a second part, which sees whole parameter arrays: their norms, or their matrices. The
 * updater must need the weights, because they tell where an array begins.
 */
public interface ArrayRule extends Rule {

  /**
   * The second part, after {@link #apply} and, if {@link #decaysFirst}, after the decay. Changes
   * the update of an array.
   *
   * @param array the array; a whole block, without weights, if Deeplearning4j does not show them
   */
  void finish(ParameterArray array);

  /**
   * Whether the decay is a part of what {@link #finish} sees, or is added afterwards.
   *
   * @return true if it comes first
   */
  boolean decaysFirst();

  /**
   * If this rule is for matrices only, what everything else follows.
   *
   * @return the other rule, or null if this one is for all arrays
   */
  default Others others() {
    return null;
  }

  /**
   * The rule of everything that is not a matrix.
   *
   * @param rule the rule
   * @param decay the fraction of every decaying weight that it subtracts
   */
  record Others(Rule rule, double decay) {}
}
