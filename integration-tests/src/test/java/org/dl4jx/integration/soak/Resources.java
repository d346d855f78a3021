package org.dl4jx.integration.soak;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;

/** The resources of this process, sampled again and again, and what of them leaks. */
final class Resources {
  /** Two days of half a dozen seconds each. Larger arrays are kept apart by the collector. */
  private static final int CAPACITY = 30_000;

  private final long start = System.nanoTime();
  // All there from the start, so that sampling the heap does not fill it.
  private final double[] minutes = new double[CAPACITY];
  private final double[][] samples = new double[Resource.values().length][CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** Frees what is no longer needed, then measures. */
  void sample() throws InterruptedException {
    settle();
    minutes[size] = (System.nanoTime() - start) / 6e10;
    for (Resource resource : Resource.values()) {
      samples[resource.ordinal()][size] = resource.read();
    }
    size++;
  }

  /** What the collector finds dead is freed off the heap by other threads, a little later. */
  private static void settle() throws InterruptedException {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    double before = Double.NaN;
    for (int i = 0, equal = 0; i < 20 && equal < 2; i++) {
      System.gc();
      Thread.sleep(20);
      OffHeap.forgetTheDead();
      double now = Resource.ARRAYS.read();
      equal = now == before ? equal + 1 : 0;
      before = now;
    }
  }

  /**
   * How each grew after the warm-up: the first third, in which caches and compiled code fill up.
   */
  Map<Resource, Growth> growth() {
    Map<Resource, Growth> growth = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      double[] values = Arrays.copyOfRange(samples[resource.ordinal()], size / 3, size);
      growth.put(resource, Growth.of(values));
    }
    return growth;
  }

  List<Resource> leaks() {
    Map<Resource, Growth> growth = growth();
    return Arrays.stream(Resource.values()).filter(r -> growth.get(r).isLeak()).toList();
  }

  /** Some of the samples, from the first to the last, and then what grew. */
  String table(int rows) {
    Map<Resource, Growth> growth = growth();
    return Stream.of(
            Stream.of(line("minutes", r -> r.label()), line("---:", r -> "---:")),
            IntStream.range(0, rows)
                .map(row -> (size - 1) * row / (rows - 1))
                .mapToObj(i -> line(number(minutes[i]), r -> number(samples[r.ordinal()][i]))),
            Stream.of(
                line("surely grew by", r -> number(growth.get(r).surely())),
                line("allowed", r -> number(growth.get(r).allowed()))))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private static String line(String first, Function<Resource, String> cell) {
    return Stream.concat(Stream.of(first), Arrays.stream(Resource.values()).map(cell))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value).replaceFirst("\\.0$", "");
  }
}
