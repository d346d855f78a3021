package org.dl4jx.integration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Files that were changed, cut, or put together of two. They are never written to. */
class DamagedModelFilesTest {
  private static final File KEPT = Path.of("src/test/resources/models/0.1").toFile();

  @TempDir File folder;

  static Stream<ModelFixture> fixtures() {
    return ModelFixture.all().stream().filter(fixture -> fixture.type() == DataType.FLOAT);
  }

  static Stream<ModelFixture> archives() {
    return fixtures().filter(fixture -> fixture.kind() != SavedModel.Kind.SAME_DIFF);
  }

  /** Those of the updaters, and of the schedules and updaters inside of them. */
  static Stream<Arguments> hyperparameters() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (ModelFixture fixture : ModelFixture.all().subList(0, ModelFixture.all().size() / 6)) {
      JsonNode layer =
          new ObjectMapper()
              .readTree(ModelArchive.read(fixture.file(KEPT)).configuration())
              .at("/confs/0/layer/iupdater");
      numbers(layer).forEach(name -> all.add(Arguments.of(fixture, name)));
    }
    assertThat(all).isNotEmpty();
    return all.stream();
  }

  private static List<String> numbers(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fields()
        .forEachRemaining(
            property -> {
              if (property.getValue().isNumber()) {
                names.add(property.getKey());
              }
              names.addAll(numbers(property.getValue()));
            });
    return names;
  }

  /** No hyperparameter may be -1. */
  @ParameterizedTest
  @MethodSource("hyperparameters")
  void aHyperparameterOutOfRangeIsNamed(ModelFixture fixture, String name) throws IOException {
    Pattern value = Pattern.compile("\"" + name + "\" : [^,\\s]+");
    File file =
        ModelArchive.read(fixture.file(KEPT))
            .withConfiguration(text -> value.matcher(text).replaceAll("\"" + name + "\" : -1"))
            .write(new File(folder, "changed.zip"));
    byte[] before = Files.readAllBytes(file.toPath());

    assertThatThrownBy(() -> fixture.kind().load(file))
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " must be")
        .hasMessageContaining("but was -1");

    assertThat(file).hasBinaryContent(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta1", "beta2", "weightDecay"})
  void aHyperparameterOutOfRangeIsNamedInSameDiff(String name) throws IOException {
    ModelFixture fixture = new ModelFixture("adamw", DataType.FLOAT, SavedModel.Kind.SAME_DIFF);
    String text = Files.readString(fixture.file(KEPT).toPath(), StandardCharsets.ISO_8859_1);
    MatchResult number =
        Pattern.compile("\"" + name + "\" : 0\\.")
            .matcher(text)
            .results()
            .findFirst()
            .orElseThrow();
    String changed = text.substring(0, number.end() - 2) + "-." + text.substring(number.end());
    File file = new File(folder, "changed.fb");
    Files.writeString(
        file.toPath(), changed.replace(" : -.", " : -9"), StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> fixture.kind().load(file))
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " must be")
        .hasMessageContaining("but was -9");
  }

  /** Deeplearning4j says no more than that it ends too soon. */
  @ParameterizedTest
  @MethodSource("fixtures")
  void aFileThatEndsTooSoonIsNotLoaded(ModelFixture fixture) throws IOException {
    byte[] whole = Files.readAllBytes(fixture.file(KEPT).toPath());
    File file = new File(folder, "cut");
    for (int length : new int[] {0, 10, whole.length / 2}) {
      byte[] part = Arrays.copyOf(whole, length);
      Files.write(file.toPath(), part);

      assertThatThrownBy(() -> fixture.kind().load(file)).isInstanceOf(Exception.class);

      assertThat(file).hasBinaryContent(part);
    }
  }

  /** Deeplearning4j reads entry after entry, and takes what it finds. */
  @ParameterizedTest
  @MethodSource("archives")
  void aFileThatEndsBetweenItsEntriesIsLoadedWithoutTheState(ModelFixture fixture)
      throws IOException {
    byte[] whole = Files.readAllBytes(fixture.file(KEPT).toPath());
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    File file = new File(folder, "cut");
    int headerOfEntry = text.indexOf(ModelSerializer.UPDATER_BIN) - 30;
    Files.write(file.toPath(), Arrays.copyOf(whole, headerOfEntry));

    assertThat(state(fixture, fixture.file(KEPT)).amaxNumber().doubleValue()).isPositive();
    assertThat(state(fixture, file).amaxNumber().doubleValue()).isZero();
    assertThat(file).hasSize(headerOfEntry);
    assertThatThrownBy(() -> new ZipFile(file).close()).isInstanceOf(ZipException.class);
  }

  private static INDArray state(ModelFixture fixture, File file) throws IOException {
    return fixture.kind() == SavedModel.Kind.NETWORK
        ? MultiLayerNetwork.load(file, true).getUpdater().getStateViewArray()
        : ComputationGraph.load(file, true).getUpdater().getStateViewArray();
  }

  @ParameterizedTest
  @MethodSource("archives")
  void aStateOfAnotherSizeIsNotLoaded(ModelFixture fixture) throws IOException {
    boolean isThreefold = Set.of("amsgrad", "amsbound", "lookahead").contains(fixture.updater());
    String other = isThreefold ? "lion" : "amsgrad";
    File file = withStateOf(fixture, other);
    byte[] before = Files.readAllBytes(file.toPath());

    assertThatThrownBy(() -> fixture.kind().load(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Expected length");

    assertThat(file).hasBinaryContent(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nadamw", "radam", "adabelief", "muon", "nesterovs-averaged"})
  void aStateOfAnotherUpdaterIsRefusedBeforeAnythingMoves(String other) throws IOException {
    for (SavedModel.Kind kind : List.of(SavedModel.Kind.NETWORK, SavedModel.Kind.GRAPH)) {
      ModelFixture fixture = new ModelFixture("adamw", DataType.FLOAT, kind);
      SavedModel model = kind.load(withStateOf(fixture, other));
      double[] before = model.parameters();

      assertThatThrownBy(() -> model.step(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the state of AdamWDecoupled")
          .hasMessageContaining("was made by another updater or is damaged");

      assertThat(model.parameters()).isEqualTo(before);
    }
  }

  private File withStateOf(ModelFixture fixture, String other) throws IOException {
    File from = new ModelFixture(other, fixture.type(), fixture.kind()).file(KEPT);
    return ModelArchive.read(fixture.file(KEPT))
        .withStateOf(ModelArchive.read(from))
        .write(new File(folder, "other.zip"));
  }
}
