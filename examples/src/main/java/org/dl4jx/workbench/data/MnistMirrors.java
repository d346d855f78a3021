package org.dl4jx.workbench.data;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.dl4jx.workbench.files.CannotWriteException;

/**
 * Public mirrors of MNIST, tried one after the other.
 *
 * @param bases addresses of folders with the gzipped files, each ending in {@code /}
 */
public record MnistMirrors(List<URI> bases) {
  /** Known mirrors. */
  public static final MnistMirrors PUBLIC =
      new MnistMirrors(
          List.of(
              URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
              URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")));

  /**
   * Downloads the files that the folder lacks.
   *
   * @throws CannotWriteException if the folder cannot be written
   * @throws IOException if no mirror has all the right files; the message has the reason for each
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
      } catch (CannotWriteException e) {
        throw e;
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    throw new IOException(String.join("; ", failures));
  }
}
