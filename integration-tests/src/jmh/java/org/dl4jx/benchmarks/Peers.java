package org.dl4jx.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.dl4jx.updaters.catalog.NamedOptimizer;

/**
 * What torch_benchmark.py measured.
 *
 * @param steps a median each
 */
record Peers(List<Peer> steps) {

  /**
   * The median of steps of one of PyTorch's optimizers.
   *
   * @param version the version of PyTorch
   * @param optimizer the optimizer and its implementation
   * @param tensors the number of tensors that hold the parameters
   * @param threads the number of threads
   * @param parameters the number of parameters
   * @param nanos the median
   */
  record Peer(
      String version, String optimizer, int tensors, int threads, long parameters, double nanos) {

    String label() {
      return optimizer + (tensors == 1 ? "" : ", " + tensors + " tensors");
    }

    /** What it is a peer of. */
    Contest contest() {
      return switch (optimizer) {
        case "AdamW(amsgrad)" -> Contest.of(NamedOptimizer.AMSGRAD);
        case "SGD(nesterov)" -> Contest.of(NamedOptimizer.NESTEROVS_AVERAGED);
        default -> Contest.DECAY;
      };
    }
  }

  static Peers read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new Peers(List.of());
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser parser = format.parse(reader)) {
      return new Peers(
          parser.stream()
              .map(
                  line ->
                      new Peer(
                          line.get("torch"),
                          line.get("optimizer"),
                          Integer.parseInt(line.get("tensors")),
                          Integer.parseInt(line.get("threads")),
                          Long.parseLong(line.get("parameters")),
                          Double.parseDouble(line.get("median_ns"))))
              .toList());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not of torch_benchmark.py: " + e.getMessage(), e);
    }
  }
}
