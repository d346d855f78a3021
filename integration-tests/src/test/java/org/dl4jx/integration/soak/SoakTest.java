package org.dl4jx.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Training with every updater, for as long as {@code -Dsoak.minutes} says, uses no more and more of
 * anything.
 */
@Tag("soak")
class SoakTest {
  private static final int ROWS = 7;

  @TempDir File folder;

  @Test
  void leaksNothing() throws Exception {
    Duration duration =
        Duration.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("soak.minutes"))));
    List<IUpdater> updaters = Trainings.updaters();
    Trainings trainings = new Trainings(new File(folder, "model"));
    Resources resources = new Resources();

    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream())); // SameDiff prints a lot
    try {
      Instant end = Instant.now().plus(duration);
      while (Instant.now().isBefore(end) || resources.size() * 2 / 3 < Growth.LEAST_MEASUREMENTS) {
        for (IUpdater updater : updaters) {
          trainings.all(updater);
        }
        resources.sample();
      }
    } finally {
      System.setOut(out);
    }

    System.out.printf(
        "%d rounds of %d updaters%n%s%n", resources.size(), updaters.size(), resources.table(ROWS));
    assertThat(resources.leaks()).isEmpty();
  }
}
