package org.dl4jx.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar for clusters, started by spark-submit on a master and two workers. */
@Timeout(300)
@TestMethodOrder(OrderAnnotation.class)
class SparkClusterIT {
  private static final String[] ARGUMENTS = {
    "--updater", "adamw", "--epochs", "1", "--averaging-frequency", "13", "--workers", "2"
  };

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path local;
  private static SparkCluster cluster;

  @BeforeAll
  static void trainInOneProcessAndStartACluster() throws IOException {
    local = shared.resolve("local.zip");
    String[] arguments =
        Stream.concat(Stream.of(ARGUMENTS), Stream.of("--output", local.toString()))
            .toArray(String[]::new);
    assertThat(SparkTraining.execute(arguments)).isZero();
    cluster = new SparkCluster(shared, 2);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  private static Path jar() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("build.folder")))) {
      return jars.filter(jar -> jar.toString().endsWith("-cluster.jar"))
          .findFirst()
          .orElseThrow()
          .toAbsolutePath();
    }
  }

  private static void assertSameModel(Path actual, Path expected) throws IOException {
    MultiLayerNetwork network = MultiLayerNetwork.load(actual.toFile(), true);
    MultiLayerNetwork same = MultiLayerNetwork.load(expected.toFile(), true);
    assertThat(network.params().toFloatVector()).containsExactly(same.params().toFloatVector());
    assertThat(network.getUpdater().getStateViewArray().toFloatVector())
        .containsExactly(same.getUpdater().getStateViewArray().toFloatVector());
    assertThat(network.getIterationCount()).isEqualTo(same.getIterationCount());
  }

  private static void waitFor(Process program, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    while (program.isAlive() && !wanted.matcher(cluster.log(program)).find()) {
      Thread.sleep(100);
    }
    assertThat(cluster.log(program)).containsPattern(wanted);
  }

  @Test
  @Order(1)
  void givesTheSameAsOneProcessToTheBit() throws Exception {
    Path model = folder.resolve("model.zip");
    Process program = cluster.submit(jar(), model, ARGUMENTS);

    assertThat(program.waitFor()).as(cluster.log(program)).isZero();
    assertThat(cluster.log(program)).contains("on " + cluster.url());
    assertSameModel(model, local);
  }

  @Test
  @Order(2)
  void leavesNoPartOfAModelIfTheDriverIsKilled() throws Exception {
    Path models = folder.resolve("models");
    Process program = cluster.submit(jar(), models.resolve("model.zip"), ARGUMENTS);
    waitFor(program, "round \\d+ of 12");
    program.destroyForcibly().waitFor();

    assertThat(models.resolve("model.zip")).doesNotExist();
    assertThat(models.toFile().list()).isNullOrEmpty();
  }

  /** The last one, because the worker is missed afterwards. */
  @Test
  @Order(3)
  void givesTheSameIfAWorkerIsKilledOnTheWay() throws Exception {
    Path model = folder.resolve("model.zip");
    Process program = cluster.submit(jar(), model, ARGUMENTS);
    waitFor(program, "round [2-5] of 12");
    assertThat(model).doesNotExist();
    cluster.killWorker(1);

    assertThat(program.waitFor()).as(cluster.log(program)).isZero();
    assertSameModel(model, local);
  }
}
