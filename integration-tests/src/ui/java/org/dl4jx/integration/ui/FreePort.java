package org.dl4jx.integration.ui;

import java.io.IOException;
import java.net.ServerSocket;
import org.deeplearning4j.config.DL4JSystemProperties;

/** A port for the UI of a test, which another UI on this machine does not use. */
final class FreePort {
  private FreePort() {}

  static void use() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      System.setProperty(
          DL4JSystemProperties.UI_SERVER_PORT_PROPERTY, String.valueOf(socket.getLocalPort()));
    }
  }
}
