package org.dl4jx.workbench.ui;

import java.lang.reflect.InvocationTargetException;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Deeplearning4j's training UI: web pages that show scores, learning rates, and the ratios of
 * updates to parameters while networks train.
 *
 * <p>It is called by reflection, because only the Maven profile {@code ui} has it on the class
 * path: it would add 50 MB of libraries to every build.
 */
public final class TrainingUi {
  private static final String STATS = "org.deeplearning4j.ui.model.";

  private final Class<?> server;
  private final Object running;

  private TrainingUi() {
    try {
      server = Class.forName("org.deeplearning4j.ui.api.UIServer");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "--ui needs Deeplearning4j's training UI, which is not on the class path; start again with"
              + " the Maven profile ui: mvn -Pui -q compile exec:java, and the rest as before",
          e);
    }
    running = call(() -> server.getMethod("getInstance").invoke(null));
  }

  /**
   * Starts the UI, or finds the one that runs in this program.
   *
   * @return the UI
   * @throws IllegalStateException if it is not on the class path, with the command that puts it
   *     there; or if its port is not free, with the property that sets another one
   */
  public static TrainingUi start() {
    return new TrainingUi();
  }

  /**
   * Where the UI is.
   *
   * @return the address of its overview
   */
  public String address() {
    return call(() -> server.getMethod("getAddress").invoke(running)) + "/train";
  }

  /**
   * Shows what a network does from now on. Listeners that are set later take the place of this one,
   * so set yours before.
   *
   * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
   */
  public void show(Model network) {
    call(
        () -> {
          StatsStorage storage =
              (StatsStorage)
                  Class.forName(STATS + "storage.InMemoryStatsStorage")
                      .getConstructor()
                      .newInstance();
          server.getMethod("attach", StatsStorage.class).invoke(running, storage);
          network.addListeners(
              (TrainingListener)
                  Class.forName(STATS + "stats.StatsListener")
                      .getConstructor(StatsStorageRouter.class)
                      .newInstance(storage));
          return null;
        });
  }

  @FunctionalInterface
  private interface Call {
    Object result() throws ReflectiveOperationException;
  }

  private static Object call(Call call) {
    try {
      return call.result();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "--ui: Deeplearning4j's training UI cannot start: "
              + e.getCause().getMessage()
              + "; if its port is in use, set another with -D"
              + DL4JSystemProperties.UI_SERVER_PORT_PROPERTY
              + "=9001",
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this is not the training UI of Deeplearning4j 1.0.0-M2.1", e);
    }
  }
}
