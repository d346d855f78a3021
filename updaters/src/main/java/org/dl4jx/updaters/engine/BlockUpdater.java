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
   * Refuses steps, or takes them again.
   *
   * @param reason the message of the {@link IllegalStateException} that a step then throws; null to
   *     take steps
   * @return the reason so far
   */
  String refuseSteps(String reason);

  /**
   * Throws the reason for which steps are refused.
   *
   * @param reason the reason; null if steps are taken
   */
  static void checkTaken(String reason) {
    if (reason != null) {
      throw new IllegalStateException(reason);
    }
  }
}
