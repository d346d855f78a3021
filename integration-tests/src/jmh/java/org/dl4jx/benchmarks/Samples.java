package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.util.ResizableDoubleArray;
import org.dl4jx.benchmarks.Measurement.Quantity;

/** The samples that one process takes, and the file in which it leaves their medians. */
final class Samples {
  /** The system property with the file for the medians. */
  private static final String FILE = "dl4jx.measurements";

  /** Enough that no array grows between two samples. */
  private static final int CAPACITY = 1 << 16;

  private final Map<Key, ResizableDoubleArray> samples = new LinkedHashMap<>();

  private record Key(Quantity quantity, Contestant contestant) {}

  /** The JVM argument with which a process leaves its medians in that file. */
  static String jvmArg(Path file) {
    return "-D" + FILE + "=" + file.toAbsolutePath();
  }

  void add(Quantity quantity, Contestant contestant, double value) {
    samples
        .computeIfAbsent(new Key(quantity, contestant), key -> new ResizableDoubleArray(CAPACITY))
        .addElement(value);
  }

  /** Adds the medians to the file. */
  void save(String subject, Contest contest, NumberType type, int threads, long parameters)
      throws IOException {
    long process = ProcessHandle.current().pid();
    List<Measurement> measurements = new ArrayList<>();
    samples.forEach(
        (key, array) -> {
          Percentile percentile = new Percentile();
          percentile.setData(array.getElements());
          measurements.add(
              new Measurement(
                  key.quantity(),
                  subject,
                  contest,
                  key.contestant(),
                  type,
                  threads,
                  parameters,
                  process,
                  percentile.evaluate(50),
                  percentile.evaluate(25),
                  percentile.evaluate(75),
                  array.getNumElements()));
        });
    MeasurementFile.append(Path.of(System.getProperty(FILE)), measurements);
  }
}
