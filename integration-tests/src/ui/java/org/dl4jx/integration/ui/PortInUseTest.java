package org.dl4jx.integration.ui;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.ui.api.UIServer;
import org.dl4jx.workbench.ui.TrainingUi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("ui")
class PortInUseTest {
  @Test
  @Timeout(60)
  void isAnErrorWithTheProperty() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      System.setProperty(
          DL4JSystemProperties.UI_SERVER_PORT_PROPERTY, String.valueOf(other.getLocalPort()));

      assertThatThrownBy(TrainingUi::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("--ui: ")
          .hasMessageContaining("-Dorg.deeplearning4j.ui.port=")
          .message()
          .doesNotContain("\n");
    } finally {
      UIServer.stopInstance(); // else the next start would return the one that failed
    }
  }
}
