package org.dl4jx.workbench;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.dl4jx.workbench.experiment.Experiment;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.Setup;

/**
 * A progress bar over all runs, with the remaining time. On a terminal it moves; elsewhere, such as
 * in a build log, it prints a line now and then.
 */
final class ExperimentProgress implements Experiment.Progress, AutoCloseable {
  private static final int MILLIS_BETWEEN_LOG_LINES = 10_000;
  private static final int LOG_LINE_LENGTH = 140;

  private final ProgressBar bar;
  private final long runs;
  private long started;

  ExperimentProgress(String name, long runs, Setup setup, PrintWriter err) {
    this.runs = runs;
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(runs * setup.length().iterations())
            .setUnit(" iterations", 1)
            .setSpeedUnit(ChronoUnit.SECONDS)
            .showSpeed();
    if (!Terminals.isAnimated()) {
      AtomicReference<String> last = new AtomicReference<>();
      // The library renders the end of a bar twice.
      Consumer<String> log =
          line -> {
            if (!line.equals(last.getAndSet(line))) {
              err.println(line);
              err.flush();
            }
          };
      builder
          .setStyle(ProgressBarStyle.ASCII)
          .setConsumer(new DelegatingProgressBarConsumer(log, LOG_LINE_LENGTH))
          .setUpdateIntervalMillis(MILLIS_BETWEEN_LOG_LINES);
    }
    this.bar = builder.build();
  }

  @Override
  public void start(RunSettings settings) {
    bar.setExtraMessage(
        String.format(
            " run %d of %d: %s, seed %d",
            ++started, runs, settings.candidate().label(), settings.seed()));
  }

  @Override
  public void step() {
    bar.step();
  }

  @Override
  public void skip(int iterations) {
    bar.stepBy(iterations);
  }

  @Override
  public void close() {
    bar.close();
  }
}
