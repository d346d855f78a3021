package org.dl4jx.workbench.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.time.Duration;
import org.dl4jx.workbench.files.CannotWriteException;

/** Reads data from the web. */
final class Download {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;

  /** A download that has written nothing for so long has been killed. */
  static final Duration ABANDONED = Duration.ofMinutes(10);

  private Download() {}

  /** Reads the content of a download. */
  @FunctionalInterface
  interface Reader {
    /**
     * Reads everything.
     *
     * @throws DamagedFileException if it is not the expected content
     */
    void read(InputStream in) throws IOException;
  }

  /**
   * Reads an address.
   *
   * @throws DamagedFileException if the reader does
   * @throws CannotWriteException if the reader does
   * @throws IOException if the address cannot be read; the message has the address and the reason
   */
  static void from(URI address, Reader reader) throws IOException {
    try {
      URLConnection connection = address.toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      try (InputStream in = connection.getInputStream()) {
        reader.read(in);
      }
    } catch (DamagedFileException | CannotWriteException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(address + ": " + reason(e), e);
    }
  }

  /** The messages of some JDK exceptions tell what failed, but not why. */
  private static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "host not found";
    } else if (e instanceof FileNotFoundException) {
      return "not found";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
