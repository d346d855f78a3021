package org.dl4jx.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SparkTrainingTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int execute(String options) {
    List<String> words = new ArrayList<>(List.of(options.split(" ")));
    CommandLine commandLine = SparkTraining.commandLine();
    return commandLine
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words.toArray(String[]::new));
  }

  /** The files of the program, in a folder as others have them. */
  private Path mnist() throws IOException {
    Path mnist = Files.createDirectory(folder.resolve("mnist"));
    for (String part : List.of("train", "t10k")) {
      for (String file : List.of("images-idx3", "labels-idx1")) {
        String name = part + "-" + file + "-ubyte.gz";
        try (var in = EmbeddedMnist.class.getResourceAsStream(name)) {
          Files.copy(in, mnist.resolve(name));
        }
      }
    }
    return mnist;
  }

  /** Also to a URI, and from files that Spark reads: the numbers of the images are the same. */
  @Test
  void theSameImagesFromFilesGiveTheSameModel() throws IOException {
    String common = "--epochs 1 --batch-size 100 --averaging-frequency 25 --output ";
    Path embedded = folder.resolve("new/embedded.zip");
    Path read = folder.resolve("read.zip");

    assertThat(execute(common + embedded)).as(err.toString()).isZero();
    assertThat(execute(common + read.toUri() + " --data " + mnist())).as(err.toString()).isZero();

    assertThat(out.toString()).contains("10,000 training images, 2,000 test images");
    MultiLayerNetwork expected = MultiLayerNetwork.load(embedded.toFile(), true);
    MultiLayerNetwork actual = MultiLayerNetwork.load(read.toFile(), true);
    assertThat(actual.params().toFloatVector()).containsExactly(expected.params().toFloatVector());
    assertThat(folder.toFile().list((dir, name) -> name.contains(".part"))).isEmpty();
  }

  @Test
  void aGradientThatIsNotFiniteEndsInOneLineWithoutAModel() {
    Path model = folder.resolve("model.zip");

    assertThat(execute("--learning-rate 1e37 --schedule constant --output " + model)).isEqualTo(1);

    assertThat(err.toString().lines().toList())
        .singleElement()
        .asString()
        .startsWith("dl4jx: ")
        .contains("NonFiniteGradientException: ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anOutputThatCannotBeWrittenIsFoundOutBeforeTheTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(execute("--output " + file.resolve("model.zip"))).isEqualTo(1);

    assertThat(err.toString().lines()).singleElement().asString().contains(file.toString());
    assertThat(out.toString()).doesNotContain("round");
  }

  @Test
  void dataThatAreMissingAreNamed() {
    Path missing = folder.resolve("missing");

    assertThat(execute("--data " + missing + " --output " + folder.resolve("model.zip")))
        .isEqualTo(1);

    assertThat(err.toString().lines()).singleElement().asString().contains(missing.toString());
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--updater adamm | adamw",
        "--workers 0 | --workers must be a number >= 1, but was 0",
        "--batch-size 5001 | --batch-size must be at most 5000",
        "--epochs 0 | --epochs must be a number >= 1, but was 0",
        "--updater dl4j-adadelta --schedule cosine | constant for dl4j-adadelta",
      })
  void aBadCommandLineIsNamed(String options, String message) {
    assertThat(execute(options + " --output " + folder.resolve("model.zip"))).isEqualTo(2);

    assertThat(err.toString().lines()).singleElement().asString().contains(message);
  }
}
