package org.dl4jx.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jx.averaging.Nets.data;
import static org.dl4jx.averaging.Nets.graph;
import static org.dl4jx.averaging.Nets.iterator;
import static org.dl4jx.averaging.Nets.network;
import static org.dl4jx.averaging.Nets.numbers;
import static org.dl4jx.averaging.Nets.parameters;
import static org.dl4jx.averaging.Nets.train;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

class SavedAverageTest {
  @TempDir private File folder;

  private record Case(String name, Supplier<Model> model, Supplier<WeightAverage> average) {

    Trained trained(int iterations) {
      Trained trained = new Trained(model.get(), average.get());
      trained.model.setListeners(trained.average);
      train(trained.model, iterations);
      return trained;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Trained(Model model, WeightAverage average) {}

  static Stream<Case> cases() {
    return Stream.of(
            new Adam(0.1), new ScheduleFreeAdamW(0.1), (IUpdater) new AveragedNesterovs(0.1, 0.9))
        .flatMap(SavedAverageTest::cases);
  }

  private static Stream<Case> cases(IUpdater updater) {
    Supplier<Model> floats = () -> network(updater);
    Supplier<Model> doubles = () -> graph(updater, DataType.DOUBLE);
    return Stream.of(
        new Case("ema, " + updater, floats, () -> new ExponentialMovingAverage(0.9)),
        new Case("ema, graph, " + updater, doubles, () -> new ExponentialMovingAverage(0.9)),
        new Case(
            "debiased ema with warm-up, " + updater,
            doubles,
            () ->
                ExponentialMovingAverage.builder()
                    .decay(0.9)
                    .debias(true)
                    .warmup(true)
                    .every(3)
                    .build()),
        new Case("swa, " + updater, floats, () -> new StochasticWeightAverage(5, 7)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twentyIterationsAndTwentyAfterRestoringAreForty(Case c) throws IOException {
    Trained undisturbed = c.trained(40);

    Model first = c.model.get();
    WeightAverage saved = c.average.get();
    first.setListeners(saved);
    train(first, 20);
    File file = new File(folder, "network.zip");
    ModelSerializer.writeModel(first, file, true);
    saved.addTo(file);
    Model second = load(file, first);
    WeightAverage restored = restore(file, saved);
    second.setListeners(restored);

    assertThat(numbers(restored.getAverage())).isEqualTo(numbers(saved.getAverage()));
    assertThat(restored.getAveraged()).isEqualTo(saved.getAveraged());
    assertThat(restored).hasToString(saved.toString());
    train(second, 20);
    assertThat(parameters(second)).isEqualTo(parameters(undisturbed.model));
    assertThat(numbers(restored.getAverage())).isEqualTo(numbers(undisturbed.average.getAverage()));
  }

  private static Model load(File file, Model like) throws IOException {
    return like instanceof MultiLayerNetwork
        ? MultiLayerNetwork.load(file, true)
        : ComputationGraph.load(file, true);
  }

  private static WeightAverage restore(File file, WeightAverage like) throws IOException {
    return like instanceof ExponentialMovingAverage
        ? ExponentialMovingAverage.restore(file)
        : StochasticWeightAverage.restore(file);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isInTheFilesOfACheckpointListener(Case c) throws IOException {
    Trained undisturbed = c.trained(40);

    Model model = c.model.get();
    CheckpointListener checkpoints =
        new CheckpointListener.Builder(folder).saveEveryNIterations(20).keepLast(1).build();
    WeightAverage average = c.average.get();
    model.setListeners(checkpoints, average, new ScoreIterationListener(100));
    train(model, 33);

    File file = checkpoints.getFileForCheckpoint(checkpoints.lastCheckpoint());
    Model restored = load(file, model);
    WeightAverage restoredAverage = restore(file, average);
    restored.setListeners(restoredAverage);
    // Deeplearning4j saves the parameters after 21 iterations, and 20 as their number.
    setIteration(restored, 21);
    train(restored, 19);
    assertThat(parameters(restored)).isEqualTo(parameters(undisturbed.model));
    assertThat(numbers(restoredAverage.getAverage()))
        .isEqualTo(numbers(undisturbed.average.getAverage()));
  }

  private static void setIteration(Model model, int iteration) {
    if (model instanceof MultiLayerNetwork network) {
      network.setIterationCount(iteration);
    } else {
      ((ComputationGraph) model).getConfiguration().setIterationCount(iteration);
    }
  }

  @Test
  void isInEveryCheckpointAlsoOfEpochsAndAfterListenersChanged() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    CheckpointListener iterations =
        new CheckpointListener.Builder(new File(folder, "i")).saveEveryNIterations(2).build();
    assertThat(new File(folder, "i").mkdir()).isTrue();
    File epochFolder = new File(folder, "e");
    assertThat(epochFolder.mkdir()).isTrue();
    CheckpointListener epochs =
        new CheckpointListener.Builder(epochFolder).saveEveryNEpochs(1).build();
    WeightAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(iterations, epochs, average);
    network.fit(iterator(data(1, DataType.FLOAT)), 3);
    network.addListeners(new ScoreIterationListener(100));
    network.fit(iterator(data(1, DataType.FLOAT)), 3);
    CheckpointListener late =
        new CheckpointListener.Builder(new File(folder, "l")).saveEveryNEpochs(1).build();
    assertThat(new File(folder, "l").mkdir()).isTrue();
    network.setListeners(iterations, epochs, late, average);
    network.fit(iterator(data(1, DataType.FLOAT)), 1);

    int files = 0;
    for (CheckpointListener listener : List.of(iterations, epochs, late)) {
      for (var checkpoint : listener.availableCheckpoints()) {
        File file = listener.getFileForCheckpoint(checkpoint);
        assertThat(ExponentialMovingAverage.restore(file).getAveraged()).isPositive();
        assertThat(MultiLayerNetwork.load(file, true)).isNotNull();
        files++;
      }
    }
    assertThat(files).isEqualTo(3 + 7 + 1);
  }

  /** What was written while the average was away keeps its own, and later files have it again. */
  @Test
  void joinsOnlyFilesOfItsOwnTime() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    CheckpointListener checkpoints =
        new CheckpointListener.Builder(folder).saveEveryNEpochs(1).keepLast(2).build();
    WeightAverage first = new ExponentialMovingAverage(0.9);
    network.setListeners(checkpoints, first);
    network.fit(iterator(data(1, DataType.FLOAT)), 1);
    WeightAverage second = new ExponentialMovingAverage(0.9);
    network.setListeners(checkpoints, second);
    network.fit(data(1, DataType.FLOAT));
    assertThat(ExponentialMovingAverage.restore(checkpoints.getFileForCheckpoint(0)).getAveraged())
        .isEqualTo(first.getAveraged());

    network.setListeners(checkpoints);
    network.fit(iterator(data(1, DataType.FLOAT)), 4);
    network.setListeners(checkpoints, second);
    network.fit(iterator(data(1, DataType.FLOAT)), 1);

    assertThatIllegalStateException()
        .isThrownBy(() -> ExponentialMovingAverage.restore(checkpoints.getFileForCheckpoint(4)));
    assertThat(ExponentialMovingAverage.restore(checkpoints.getFileForCheckpoint(5)).getAveraged())
        .isEqualTo(second.getAveraged());
  }

  @Test
  void keepsThePermissionsOfAFile() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    File file = new File(folder, "network.zip");
    network.save(file, true);
    assumeTrue(Files.getFileStore(file.toPath()).supportsFileAttributeView("posix"));
    String usual = PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath()));
    WeightAverage average = new ExponentialMovingAverage(0.9);
    average.addTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())))
        .isEqualTo(usual);
    File served = new File(folder, "served.zip");
    network.setListeners(average);
    train(network, 1);
    average.save(network, served);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(served.toPath())))
        .isEqualTo(usual);
    Files.setPosixFilePermissions(served.toPath(), PosixFilePermissions.fromString("rw-rw-r--"));
    average.save(network, served);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(served.toPath())))
        .isEqualTo("rw-rw-r--");
  }

  @Test
  void refusesToBeListedBeforeTheCheckpointListener() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    network.setListeners(
        new ExponentialMovingAverage(0.9),
        new CheckpointListener.Builder(folder).saveEveryNIterations(2).build());

    assertThatIllegalStateException()
        .isThrownBy(() -> train(network, 1))
        .withMessageContaining("\"ExponentialMovingAverage\" must be listed after")
        .withMessageContaining("setListeners(checkpoints, average)");
  }

  @Test
  void averagesWithNamesAreSavedTogether() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    ExponentialMovingAverage fast =
        ExponentialMovingAverage.builder().decay(0.5).name("fast").build();
    ExponentialMovingAverage slow =
        ExponentialMovingAverage.builder().decay(0.9).name("slow").build();
    StochasticWeightAverage mean = new StochasticWeightAverage(0, 1);
    network.setListeners(fast, slow, mean);
    train(network, 5);
    File file = new File(folder, "network.zip");
    network.save(file, true);
    for (WeightAverage average : List.of(fast, slow, mean, slow)) {
      average.addTo(file);
    }

    assertThat(ModelSerializer.listObjectsInFile(file))
        .containsExactlyInAnyOrder("dl4jx.fast", "dl4jx.slow", "dl4jx.StochasticWeightAverage");
    assertThat(ExponentialMovingAverage.restore(file, "slow").getDecay()).isEqualTo(0.9);
    assertThat(numbers(ExponentialMovingAverage.restore(file, "fast").getAverage()))
        .isEqualTo(numbers(fast.getAverage()));
    ExponentialMovingAverage read = ModelSerializer.getObjectFromFile(file, "dl4jx.fast");
    assertThat(read.getDecay()).isEqualTo(0.5);
    assertThat(parameters(MultiLayerNetwork.load(file, true))).isEqualTo(parameters(network));
    assertThatIllegalStateException()
        .isThrownBy(() -> ExponentialMovingAverage.restore(file))
        .withMessageContaining("no ExponentialMovingAverage named \"ExponentialMovingAverage\"")
        .withMessageContaining("fast")
        .withMessageContaining("addTo");
    assertThatIllegalStateException()
        .isThrownBy(() -> StochasticWeightAverage.restore(file, "fast"))
        .withMessageContaining("is a ExponentialMovingAverage, not a StochasticWeightAverage");
  }

  @Test
  void refusesTwoOfTheSameName() {
    MultiLayerNetwork network = network(new Sgd(0.1));
    network.setListeners(new ExponentialMovingAverage(0.5), new ExponentialMovingAverage(0.9));

    assertThatIllegalStateException()
        .isThrownBy(() -> train(network, 1))
        .withMessageContaining("two listeners are named \"ExponentialMovingAverage\"");
  }

  @Test
  void refusesFilesThatAreNotModelsAndLeavesThemAsTheyWere() throws IOException {
    WeightAverage average = new ExponentialMovingAverage(0.5);
    File text = new File(folder, "text.zip");
    Files.writeString(text.toPath(), "not a zip file");

    assertThatIOException()
        .isThrownBy(() -> average.addTo(text))
        .withMessageContaining("text.zip is not the file of a Deeplearning4j model");
    assertThatIOException().isThrownBy(() -> ExponentialMovingAverage.restore(text));
    assertThat(text).hasContent("not a zip file");
    assertThatThrownBy(() -> average.addTo(new File(folder, "missing.zip")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing.zip does not exist: save the network first");
    assertThat(folder.list()).containsExactly("text.zip");
  }

  @Test
  void refusesAFileThatIsCutOff() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    WeightAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    train(network, 2);
    File file = new File(folder, "network.zip");
    network.save(file, true);
    average.addTo(file);
    byte[] all = Files.readAllBytes(file.toPath());
    Files.write(file.toPath(), java.util.Arrays.copyOf(all, all.length / 2));

    assertThatIOException().isThrownBy(() -> ExponentialMovingAverage.restore(file));
    assertThatIOException().isThrownBy(() -> average.addTo(file));
    assertThat(Files.size(file.toPath())).isEqualTo(all.length / 2);
  }

  @Test
  void keepsTheFileIfTheAverageCannotBeWritten() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    File file = new File(folder, "network.zip");
    network.save(file, true);
    byte[] before = Files.readAllBytes(file.toPath());

    assertThatThrownBy(() -> new Unwritable().addTo(file)).hasMessageContaining("unwritable");

    assertThat(Files.readAllBytes(file.toPath())).isEqualTo(before);
    assertThat(folder.list()).containsExactly("network.zip");
  }

  private static final class Unwritable extends org.dl4jx.listeners.SavedListener {
    private static final long serialVersionUID = 1L;

    Unwritable() {
      super("unwritable");
    }

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      out.writeLong(3);
      throw new IOException("unwritable");
    }
  }

  @Test
  void anAverageOfAnotherNetworkIsRefusedWithWhatToDo() throws IOException {
    MultiLayerNetwork network = network(new Sgd(0.1));
    WeightAverage average = new ExponentialMovingAverage(0.9);
    network.setListeners(average);
    train(network, 2);
    File file = new File(folder, "network.zip");
    network.save(file, true);
    average.addTo(file);
    MultiLayerNetwork other =
        new MultiLayerNetwork(
            Nets.with(new Sgd(0.1), DataType.FLOAT).list().layer(Nets.output(4)).build());
    other.init();
    other.setListeners(ExponentialMovingAverage.restore(file));

    assertThatIllegalStateException()
        .isThrownBy(() -> train(other, 1))
        .withMessageContaining("is of 43 parameters")
        .withMessageContaining("Use the average that was saved with this network");
  }
}
