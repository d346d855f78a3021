package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The Java that the README shows is this class's own, so it compiles and trains. */
class ReadmeTest {

  private static MultiLayerConfiguration configuration() {
    // from the README:
    int iterations = 10 * 469; // ten epochs of 469 mini-batches
    ISchedule schedule = new WarmupCosineSchedule(ScheduleType.ITERATION, 1e-3, 469, iterations);

    MultiLayerConfiguration conf =
        DecoupledDecay.attach(
            new NeuralNetConfiguration.Builder()
                .updater(new AdamWDecoupled(schedule, 0.01))
                .list()
                .layer(
                    new DenseLayer.Builder().nIn(784).nOut(256).activation(Activation.RELU).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(256)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    // to here
    return conf;
  }

  @Test
  void showsThisCode() throws Exception {
    String source =
        Files.readString(
            Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));
    String shown = between(Files.readString(Path.of("../README.md")), "```java", "```");

    assertThat(withoutSpace(shown))
        .isNotEmpty()
        .isEqualTo(withoutSpace(between(source, "// from the README:", "// to here")));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String withoutSpace(String code) {
    return code.replaceAll("\\s", "");
  }

  @Test
  void showsCodeThatTrains() {
    MultiLayerNetwork network = Networks.network(configuration());
    DataSet data = new DataSet(Nd4j.rand(10, 784), Nd4j.eye(10));
    double before = network.score(data);

    for (int i = 0; i < 50; i++) {
      network.fit(data);
    }

    assertThat(network.score(data)).isLessThan(before);
  }
}
