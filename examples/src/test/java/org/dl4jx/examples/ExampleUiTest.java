package org.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

/** The option --ui without the training UI; with it, integration-tests try it. */
class ExampleUiTest {
  private static final MultiLayerNetwork NETWORK =
      new MultiLayerNetwork(
          new NeuralNetConfiguration.Builder()
              .list(new OutputLayer.Builder().nIn(2).nOut(2).build())
              .build());

  private static void show(String... args) {
    ExampleUi.showOrFail(args, NETWORK);
  }

  @Test
  void isNotNeeded() {
    assertThatCode(() -> show()).doesNotThrowAnyException();
    assertThat(NETWORK.getListeners()).isEmpty();
  }

  @Test
  void asksForTheProfileInOneLine() {
    assertThatThrownBy(() -> show("--ui"))
        .hasMessageStartingWith("--ui needs Deeplearning4j's training UI")
        .hasMessageContaining("mvn -Pui -q compile exec:java")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void isTheOnlyArgument() {
    assertThatThrownBy(() -> show("--epochs=3"))
        .hasMessage("the argument must be --ui or left out, but was --epochs=3");
  }

  @Test
  void endsAnExampleWithOneLineIfItCannotShowIt() throws Exception {
    Process example =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    SameDiffAdamW.class.getName(),
                    "--ui"))
            .redirectErrorStream(true)
            .start();
    String printed = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(example.waitFor()).isEqualTo(2);
    assertThat(printed.lines())
        .containsExactly(
            "--ui shows networks and graphs, but this example trains a SameDiff model");
  }
}
