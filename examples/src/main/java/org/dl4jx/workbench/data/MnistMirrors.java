package org.dl4jx.workbench.data;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Public places from which MNIST is downloaded, tried one after the other.
 *
 * @param bases addresses of the folders that hold the gzipped files, each ending in {@code /}
 */
public record MnistMirrors(List<URI> bases) {
  /** Known mirrors. */
  public static final MnistMirrors PUBLIC =
      new MnistMirrors(
          List.of(
              URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
              URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")));

  /**
   * Downloads what the folder does not hold yet.
   *
   * @throws IOException if no mirror gave all files as they must be, with the reason of each
   */
  void download(MnistFolder folder) throws IOException {
    List<String> failures = new ArrayList<>();
    for (URI base : bases) {
      try {
        for (MnistFile file : folder.files()) {
          if (!folder.isIntact(file)) {
            URI address = base.resolve(file.gzipName());
            Download.from(address, in -> folder.unpack(file, in, address));
          }
        }
        return;
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    throw new IOException(String.join("; ", failures));
  }
}
