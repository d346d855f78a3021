package org.dl4jx.integration.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jx.workbench.files.FolderInUseException;
import org.dl4jx.workbench.files.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that take a folder and give it back as fast as they can never have it together. */
class FolderLockRaceTest {
  private static final int PROCESSES = 3;
  private static final int MILLIS = 3_000;

  @TempDir private Path folder;

  @Test
  void onlyOneProcessHasAFolderAlone() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  Racer.class.getName(),
                  folder.toString())
              .inheritIO()
              .start());
    }

    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  /** Makes a file while it has the folder, which fails if another process has done so. */
  static final class Racer {
    private Racer() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      Path mark = folder.resolve("mark");
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
      int taken = 0;
      while (System.nanoTime() < deadline || taken == 0) {
        try (FolderLock lock = FolderLock.in(folder)) {
          lock.takeAlone();
          Files.delete(Files.createFile(mark));
          taken++;
        } catch (FolderInUseException e) {
          // Its turn comes.
        }
      }
    }
  }
}
