package org.dl4jx.examples.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
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

  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;

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
            download(base.resolve(file.gzipName()), file, folder);
          }
        }
        return;
      } catch (IOException e) {
        failures.add(reason(e));
      }
    }
    throw new IOException(String.join("; ", failures));
  }

  private static void download(URI address, MnistFile file, MnistFolder folder) throws IOException {
    URLConnection connection = address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      folder.unpack(file, in, address);
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(address + ": " + reason(e), e);
    }
  }

  /** Some exceptions of the JDK say in their message what failed, but not how. */
  private static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "host not found";
    } else if (e instanceof FileNotFoundException) {
      return "not found";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
