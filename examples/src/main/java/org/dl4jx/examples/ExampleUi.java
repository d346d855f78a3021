package org.dl4jx.examples;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.dl4jx.workbench.ui.TrainingUi;

/**
 * The option {@code --ui} of the examples. In your own program, add Deeplearning4j's {@code
 * StatsListener} to the network.
 */
final class ExampleUi {
  private static final String OPTION = "--ui";

  private ExampleUi() {}

  /** Shows networks in the training UI if the arguments say so; ends the program if it cannot. */
  static void show(String[] args, Model... networks) {
    try {
      showOrFail(args, networks);
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  static void showOrFail(String[] args, Model... networks) {
    for (String arg : args) {
      if (!arg.equals(OPTION)) {
        throw new IllegalArgumentException(
            "the argument must be " + OPTION + " or left out, but was " + arg);
      }
    }
    if (args.length > 0) {
      if (networks.length == 0) {
        throw new IllegalArgumentException(
            OPTION + " shows networks and graphs, but this example trains a SameDiff model");
      }
      TrainingUi ui = TrainingUi.start();
      Arrays.stream(networks).forEach(ui::show);
      System.out.println("Training UI: " + ui.address() + ", until you press Ctrl+C");
    }
  }
}
