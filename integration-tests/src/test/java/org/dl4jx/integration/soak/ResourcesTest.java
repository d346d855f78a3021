package org.dl4jx.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.factory.Nd4j;

/** What {@link SoakTest} judges by finds a leak of each kind, and nothing where there is none. */
class ResourcesTest {
  /** Enough for a certain growth, with a warm-up as long as a third. */
  private static final int SAMPLES = 15;

  @TempDir Path folder;

  private static List<Resource> leaksOf(Callable<?> action) throws Exception {
    Resources resources = new Resources();
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      kept.add(action.call());
      resources.sample();
    }
    assertThat(kept).hasSize(SAMPLES); // so that the collector could not take it before
    return resources.leaks();
  }

  @Test
  void aThreadThatDoesNotEndIsFound() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try {
      assertThat(
              leaksOf(
                  () -> {
                    Thread thread =
                        new Thread(
                            () -> {
                              try {
                                end.await();
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                              }
                            });
                    thread.start();
                    return thread;
                  }))
          .contains(Resource.THREADS)
          .doesNotContain(Resource.FILES, Resource.ARRAYS);
    } finally {
      end.countDown();
    }
  }

  @Test
  void aFileThatIsNotClosedIsFound() throws Exception {
    Path file = Files.writeString(folder.resolve("model"), "x");
    List<Closeable> open = new ArrayList<>();
    try {
      assertThat(
              leaksOf(
                  () -> {
                    FileInputStream in = new FileInputStream(file.toFile());
                    open.add(in);
                    return in;
                  }))
          .contains(Resource.FILES)
          .doesNotContain(Resource.THREADS, Resource.ARRAYS);
    } finally {
      for (Closeable in : open) {
        in.close();
      }
    }
  }

  @Test
  void anArrayThatIsKeptIsFound() throws Exception {
    assertThat(leaksOf(() -> Nd4j.ones(1_000_000)))
        .contains(Resource.ARRAYS, Resource.OFF_HEAP, Resource.RESIDENT)
        .doesNotContain(Resource.THREADS, Resource.FILES, Resource.WORKSPACES);
  }

  @Test
  void anObjectThatIsKeptIsFound() throws Exception {
    assertThat(leaksOf(() -> new byte[100_000]))
        .contains(Resource.HEAP)
        .doesNotContain(Resource.THREADS, Resource.FILES, Resource.ARRAYS);
  }

  @Test
  void aWorkspaceThatIsKeptIsFound() throws Exception {
    WorkspaceConfiguration usual = WorkspaceConfiguration.builder().build();

    assertThat(leaksOf(() -> Nd4j.getWorkspaceManager().createNewWorkspace(usual)))
        .contains(Resource.WORKSPACES)
        .doesNotContain(Resource.THREADS, Resource.FILES);
  }

  /** Resident memory is left out: the heap of this process may still grow. */
  @Test
  void whatIsGivenBackIsNoLeak() throws Exception {
    Path file = Files.writeString(folder.resolve("model"), "x");

    assertThat(
            leaksOf(
                () -> {
                  Thread thread = new Thread(() -> Nd4j.ones(1_000_000));
                  thread.start();
                  thread.join();
                  Files.newInputStream(file).close();
                  return null;
                }))
        .isSubsetOf(Resource.RESIDENT);
  }

  @Test
  void aStepWithinNoiseIsNoLeakButASlopeIs() {
    Random random = new Random(1);
    double[] noise = random.doubles(60).toArray();

    assertThat(Growth.of(noise).isLeak()).isFalse();
    assertThat(growing(noise, i -> i < 30 ? 0 : 1).isLeak()).isFalse();
    assertThat(growing(noise, i -> 0.1 * i).isLeak()).isTrue();
    assertThat(growing(new double[60], i -> i < 30 ? 0 : 1).isLeak()).isFalse();
    assertThat(growing(new double[60], i -> i / 10).isLeak()).isTrue();
  }

  private static Growth growing(double[] noise, IntToDoubleFunction trend) {
    return Growth.of(
        IntStream.range(0, noise.length)
            .mapToDouble(i -> noise[i] + trend.applyAsDouble(i))
            .toArray());
  }
}
