package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jx.workbench.data.Cifar10Search;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.experiment.Candidate;
import org.dl4jx.workbench.experiment.RunResult;
import org.dl4jx.workbench.experiment.RunSettings;
import org.dl4jx.workbench.experiment.Setup;
import org.dl4jx.workbench.experiment.Trainer;
import org.dl4jx.workbench.models.NamedModel;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.dl4jx.workbench.notation.ScheduleNotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small slice of the real comparison: every updater learns real data. Skipped where there are
 * none; in CI only if the variable is not set. Chance is an accuracy of 0.1.
 */
class RealDataSliceTest {
  @TempDir private static Path folder;

  private static Path data(String name) {
    String variable = System.getenv("DL4JX_DATA");
    assumeTrue(variable != null && !variable.isEmpty(), "DL4JX_DATA names no folder with data");
    Path given = Path.of(variable, name);
    boolean inCi = "true".equals(System.getenv("CI"));
    assumeTrue(inCi || Files.exists(given), "DL4JX_DATA is set, but there is no " + given);
    return Path.of(variable);
  }

  @Test
  void everyUpdaterLearnsMnist() throws IOException {
    Mnist mnist = new Mnist(new MnistSearch(folder).in(data("mnist")));

    // 300 iterations; an averaged one makes 100 steps of them.
    everyUpdaterLearns(mnist, NamedModel.MLP, 19_200, 64, 0.85);
  }

  @Test
  void everyUpdaterLearnsCifar10() throws IOException {
    ImageData cifar10 = new Cifar10Search(folder).in(data("cifar10.zip"));

    everyUpdaterLearns(cifar10, NamedModel.CNN, 3_200, 16, 0.25);
  }

  private static void everyUpdaterLearns(
      ImageData data, NamedModel model, int examples, int batchSize, double bar)
      throws IOException {
    Images train = data.train().stratified().first(examples);
    Images test = data.test().stratified().first(1_000);
    Setup setup =
        new Setup(data.name(), examples, null, "test", 1_000, null, model, 1, batchSize, 1, 0.1)
            .with(train, test);
    Trainer trainer = new Trainer(data.shape(), train, test, () -> false);
    for (NamedUpdater updater : NamedUpdater.values()) {
      Candidate candidate =
          Candidate.of(
              updater,
              ScheduleNotation.parse("warmup-cosine"),
              updater.usualLearningRate(),
              0.01,
              setup.length());

      RunResult result =
          trainer.run(new RunSettings(setup, candidate, 1), () -> {}).orElseThrow().result();

      List<RunResult.Point> losses = result.losses();
      assertThat(mean(losses.subList(losses.size() - 20, losses.size())))
          .as("last losses of " + updater)
          .isLessThan(mean(losses.subList(0, 20)));
      assertThat(result.accuracy()).as("accuracy of " + updater).isGreaterThan(bar);
    }
  }

  private static double mean(List<RunResult.Point> points) {
    return points.stream().mapToDouble(RunResult.Point::value).average().orElseThrow();
  }
}
