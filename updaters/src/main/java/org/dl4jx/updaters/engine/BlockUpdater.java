package org.dl4jx.updaters.engine;

/**
 * The updater of a block of parameters. Deeplearning4j does not tell it how many parameters there
 * are, so it may not know before its first step.
 */
public interface BlockUpdater {

  /**
   * Says how many parameters there are.
   *
   * @param parameters how many
   */
  void knowLength(long parameters);

  /**
   * Whether it may take steps.
   *
   * @return the permission, which can be withdrawn
   */
  StepPermission permission();
}
