package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dl4jx.workbench.data.Cifar10Archive;
import org.dl4jx.workbench.data.Cifar10Search;
import org.dl4jx.workbench.data.DataNotFoundException;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistFile;
import org.dl4jx.workbench.data.MnistMirrors;
import org.dl4jx.workbench.data.MnistSearch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataOptionsTest {
  /** A stand-in for MNIST's files: an empty one. */
  private static final MnistFile EMPTY = new MnistFile("empty", "d41d8cd98f00b204e9800998ecf8427e");

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();
  private Path cache;

  @BeforeEach
  void setCache() {
    cache = folder.resolve("cache");
  }

  @Test
  void theOptionGoesBeforeTheVariable() throws IOException {
    Path option = put("option");
    Path variable = put("variable");

    assertThat(images(variable.toString(), "--data-dir", option.toString()))
        .isEqualTo(new Mnist(option.resolve("mnist")));
    assertThat(images(variable.toString())).isEqualTo(new Mnist(variable.resolve("mnist")));
  }

  @Test
  void theVariableGoesBeforeTheCache() throws IOException {
    put("cache");
    Path variable = put("variable");

    assertThat(images(variable.toString())).isEqualTo(new Mnist(variable.resolve("mnist")));
    assertThat(images("")).isEqualTo(new Mnist(folder.resolve("cache").resolve("mnist")));
  }

  @Test
  void aFolderThatIsNamedButMissingIsNeverPassedOver() {
    String missing = folder.resolve("missing").toString();

    assertThatThrownBy(() -> images(missing)).hasMessageStartingWith("DL4JX_DATA names " + missing);
    assertThatThrownBy(() -> images(null, "--data-dir", missing))
        .hasMessageStartingWith("--data-dir names " + missing);
  }

  @Test
  void aVariableThatNamesOtherDataDoesNotKeepMnistAway() throws IOException {
    Path variable = Files.createDirectories(folder.resolve("cifar10"));
    put("cache");

    assertThat(images(variable.toString()))
        .isEqualTo(new Mnist(folder.resolve("cache").resolve("mnist")));
    assertThatThrownBy(() -> images(variable.toString(), "--dataset", "mnist"))
        .hasMessageStartingWith("DL4JX_DATA names " + variable);
  }

  @Test
  void withoutMnistItUsesTheEmbeddedPartAndSaysSoInOneLine() throws IOException {
    assertThat(images(null)).isInstanceOf(EmbeddedMnist.class);
    assertThat(err.toString().lines())
        .containsExactly(
            "MNIST was not found and could not be downloaded (--dataset mnist says why); using the"
                + " 10,000 training and 2,000 test images that come with the program");
  }

  @Test
  void theEmbeddedPartIsTakenWithoutLookingForMnist() throws IOException {
    put("cache");

    assertThat(images(null, "--dataset", "mnist-embedded")).isInstanceOf(EmbeddedMnist.class);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatIsAskedForAndNowhereIsAnErrorThatSaysWhatToDo() {
    for (String set : List.of("mnist", "cifar10")) {
      assertThatThrownBy(() -> images(null, "--dataset", set))
          .isInstanceOf(DataNotFoundException.class)
          .hasMessageStartingWith("Cannot find ")
          .hasMessageContaining(": not in " + folder.resolve("deeplearning4j"))
          .hasMessageEndingWith("; name a folder that has it with --data-dir or DL4JX_DATA");
    }
    assertThat(err.toString()).startsWith("Downloading CIFAR-10 (162 MB) from");
  }

  @Test
  void cifarIsLookedForInTheFolderThatIsNamed() {
    assertThatThrownBy(() -> images(folder.toString(), "--dataset", "cifar10"))
        .hasMessageStartingWith("DL4JX_DATA names " + folder + ", but there is no file");
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamedWithTheOption() throws IOException {
    Files.createFile(folder.resolve("cache"));
    Path variable = putGzipped("variable");

    for (String set : List.of("auto", "mnist")) {
      assertThatThrownBy(() -> images(variable.toString(), "--dataset", set))
          .hasMessageStartingWith(
              "cannot write " + folder.resolve("cache").resolve("mnist").resolve(EMPTY.name()))
          .hasMessageEndingWith("; name another folder with --cache-dir");
    }
  }

  @Test
  void aUserWithoutAHomeIsToldToNameACache() throws IOException {
    cache = null;
    Path gzipped = putGzipped("gzipped");
    Path unpacked = put("unpacked");

    assertThatThrownBy(() -> images(gzipped.toString()))
        .hasMessageContaining("this user has no home folder")
        .hasMessageEndingWith("; name another folder with --cache-dir");
    assertThat(images(unpacked.toString())).isEqualTo(new Mnist(unpacked.resolve("mnist")));
    assertThat(images(null)).isInstanceOf(EmbeddedMnist.class);
    assertThat(err.toString()).contains("could not be stored", "--cache-dir");
  }

  @Test
  void aVariableThatIsNoPathIsNamed() {
    assertThatThrownBy(() -> images("a\0b"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("DL4JX_DATA must be a path in the characters of this system");
  }

  private Path putGzipped(String name) throws IOException {
    Path dir = folder.resolve(name);
    Path file = Files.createDirectories(dir.resolve("mnist")).resolve(EMPTY.name() + ".gz");
    new GZIPOutputStream(Files.newOutputStream(file)).close();
    return dir;
  }

  private Path put(String name) throws IOException {
    Path dir = folder.resolve(name);
    Files.createFile(Files.createDirectories(dir.resolve("mnist")).resolve(EMPTY.name()));
    return dir;
  }

  private ImageData images(String variable, String... args) throws IOException {
    DataOptions options = new DataOptions();
    new CommandLine(new Holder(options)).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    MnistSearch search =
        new MnistSearch(
            List.of(EMPTY),
            cache,
            List.of(folder.resolve("deeplearning4j")),
            new MnistMirrors(List.of()));
    Cifar10Archive nowhere = new Cifar10Archive(folder.resolve("missing").toUri(), "");
    Cifar10Search cifar10 =
        new Cifar10Search(cache, folder.resolve("deeplearning4j"), nowhere, 10, 10);
    return options.images(search, cifar10, variable, new PrintWriter(err));
  }

  @CommandLine.Command
  private static final class Holder {
    @CommandLine.Mixin private final DataOptions options;

    Holder(DataOptions options) {
      this.options = options;
    }
  }
}
