package org.dl4jx.workbench.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;

/** Reads public addresses. */
final class Download {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;

  private Download() {}

  /** What is done with a download. */
  @FunctionalInterface
  interface Reader {
    /**
     * Reads everything.
     *
     * @throws DamagedFileException if it is not what it must be
     */
    void read(InputStream in) throws IOException;
  }

  /**
   * Reads an address.
   *
   * @throws DamagedFileException as the reader does
   * @throws IOException with the address and the reason, if it cannot be read
   */
  static void from(URI address, Reader reader) throws IOException {
    try {
      URLConnection connection = address.toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      try (InputStream in = connection.getInputStream()) {
        reader.read(in);
      }
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
