package org.dl4jx.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dl4jx.updaters.catalog.NamedOptimizer.Need;
import org.dl4jx.workbench.lab.Family;
import org.dl4jx.workbench.lab.Signal;
import org.dl4jx.workbench.lab.Surface;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabCommandTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

  /** Without decay, which no experiment has, adam-weight-decay is adam. */
  private static final List<NamedUpdater> UPDATERS =
      NamedUpdater.values().stream()
          .filter(updater -> !updater.penalizesWeights() && updater.need() == Need.NOTHING)
          .toList();

  @TempDir private Path folder;

  private Console lab(String... arguments) {
    return Console.run(
        Stream.concat(Stream.of("lab", "--output", folder.toString()), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void anUpdaterThatNeedsANetworkIsRefused() throws IOException {
    Console console = lab("--updaters", "adam,sophia");

    assertThat(console.err())
        .startsWith(
            "dl4jx: --updaters must be updaters that need no network, but was sophia, which needs");
    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(files()).isEmpty();
  }

  @Test
  void everyUpdaterIsDrawnOnEverySignalAndSurfaceAndEveryFamilyOnItsOwn() throws IOException {
    Console console = lab("--steps", "6", "--learning-rate", "0.01");

    assertThat(console.err()).isEmpty();
    assertThat(console.exitCode()).isZero();
    List<String> names =
        Stream.concat(
                Arrays.stream(Signal.values()).map(s -> "signal-" + s.label()),
                Arrays.stream(Surface.values()).map(s -> "surface-" + s.label()))
            .toList();
    assertThat(files().stream().filter(file -> !file.startsWith("family-")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    names.stream().flatMap(n -> Stream.of(n + ".png", n + ".svg")),
                    Stream.of("index.html"))
                .toList());
    String page = Files.readString(folder.resolve("index.html"));
    for (String name : names) {
      assertThat(Files.readAllBytes(folder.resolve(name + ".png"))).startsWith(PNG);
      String svg = Files.readString(folder.resolve(name + ".svg"));
      for (NamedUpdater updater : UPDATERS) {
        assertThat(svg).contains(">" + updater.label());
      }
    }
    for (NamedUpdater updater : UPDATERS) {
      assertThat(page).contains(">" + updater.label() + "<");
      assertThat(console.out()).contains(updater.label());
    }
    for (Family family : Family.values()) {
      assertThat(files()).anyMatch(file -> file.startsWith("family-" + family.label() + "-"));
      assertThat(page).contains("lab --families " + family.label());
    }
  }

  @Test
  void onlyFamiliesThatAreNamedAreDrawn() throws IOException {
    Console console = lab("--families", "look-ahead,lookahead", "--steps", "9");

    assertThat(console.exitCode()).isZero();
    assertThat(files())
        .allMatch(f -> f.matches("index.html|family-look-?ahead-.*\\.(png|svg)"))
        .contains("family-look-ahead-square.png", "family-lookahead-valley.svg");
    assertThat(console.out()).contains("lookahead(alpha=0.2)");
  }

  /** The words below each picture of the page are what a user would type. */
  @ParameterizedTest
  @CsvSource({"sign,square", "sign,valley", "lookahead,noisy-quadratic"})
  void theCommandBelowAPictureDrawsIt(String family, String scene) throws IOException {
    lab("--families", family);
    byte[] svg = Files.readAllBytes(folder.resolve("family-" + family + "-" + scene + ".svg"));
    String command =
        Pattern.compile("lab (--updaters [^<]* --(?:signals|surfaces) " + scene + "[^<]*)<")
            .matcher(Files.readString(folder.resolve("index.html")))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);

    assertThat(lab(command.split(" ")).err()).isEmpty();

    String kind = command.contains("--signals") ? "signal-" : "surface-";
    assertThat(folder.resolve(kind + scene + ".svg")).hasBinaryContent(svg);
  }

  @Test
  void pathsStartWhereTheyAreTold() throws IOException {
    Console console =
        lab("--surfaces=valley", "--updaters=sgd", "--learning-rate=1e-9", "--start=-3,-0.5");

    assertThat(console.out()).contains("ends at (-3.0000, -0.5000)");
    assertThat(Files.readString(folder.resolve("index.html"))).contains("--start=-3,-0.5");
  }

  @Test
  void onlyWhatIsNamedIsDrawn() throws IOException {
    lab("--surfaces", "valley", "--updaters", "sgd,adam", "--steps", "3");

    assertThat(files()).containsExactly("index.html", "surface-valley.png", "surface-valley.svg");
    assertThat(Files.readString(folder.resolve("surface-valley.svg")))
        .contains(">sgd", ">adam")
        .doesNotContain(">nesterovs");
  }

  @Test
  void theSameCommandWritesTheSameFiles() throws IOException {
    String[] command = {
      "--surfaces=noisy-quadratic", "--signals=sine", "--updaters=adamw,nesterovs-averaged"
    };
    lab(command);
    byte[] svg = Files.readAllBytes(folder.resolve("surface-noisy-quadratic.svg"));
    byte[] page = Files.readAllBytes(folder.resolve("index.html"));

    lab(command);

    assertThat(folder.resolve("surface-noisy-quadratic.svg")).hasBinaryContent(svg);
    assertThat(folder.resolve("index.html")).hasBinaryContent(page);
  }

  @Test
  void whatDivergesIsShownAsDivergedAndTheRestGoesOn() throws IOException {
    Console console =
        lab("--surfaces", "rosenbrock", "--updaters", "sgd,adam", "--learning-rate", "1");

    assertThat(console.exitCode()).isZero();
    assertThat(console.out())
        .containsPattern("sgd +learning rate 1 +diverged after \\d+ gradients")
        .containsPattern("adam +learning rate 1 +ends at");
    assertThat(Files.readString(folder.resolve("surface-rosenbrock.svg")))
        .contains("sgd, η 1 diverged");
    assertThat(Files.readString(folder.resolve("index.html"))).contains(">diverged<");
  }

  @Test
  void theTextsAreLeftOutWhereTheyDoNotSpeakOfWhatIsDrawn() throws IOException {
    String text = "halfway along when the gradients are used up";
    lab("--surfaces=rosenbrock", "--updaters=sgd");
    assertThat(Files.readString(folder.resolve("index.html"))).contains(text);

    lab("--surfaces=rosenbrock", "--updaters=sgd", "--steps=9");
    assertThat(Files.readString(folder.resolve("index.html"))).doesNotContain(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--surfaces=valley,rosenbrok | unknown surface 'rosenbrok'; did you mean rosenbrock? Known:",
        "--signals=spike             | unknown signal 'spike'; did you mean spikes? Known:",
        "--families=adagard          | unknown family 'adagard'; did you mean adagrad? Known:",
        "--start=1                   | start must be two finite numbers, such as -4,0.8, but was 1",
        "--start=1,x                 | start must be two finite numbers, such as -4,0.8, but was 1,x",
        "--start=9,9                 | --start must be on the part of valley that is drawn, with x",
        "--updaters=adamex           | unknown updater 'adamex'",
        "--steps=0                   | --steps must be a number from 1 to 100000, but was 0",
        "--learning-rate=-1          | --learning-rate must be a finite number > 0, but was -1.0"
      })
  void aWrongArgumentIsOneLineAndWritesNothing(String argument, String error) throws IOException {
    Console console = lab(argument);

    assertThat(console.exitCode()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: ").contains(error);
    assertThat(files()).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneLineBeforeAnythingIsComputed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Console console = Console.run("lab", "--output", file.resolve("x").toString());

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: cannot write to the folder of --output");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamedBeforeAnythingIsComputed() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve("index.html"));
    Files.createFile(inTheWay.resolve("something"));

    Console console = lab("--surfaces=valley", "--updaters=sgd", "--steps=3");

    assertThat(console.exitCode()).isEqualTo(1);
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).startsWith("dl4jx: cannot write " + inTheWay);
    assertThat(console.out()).isEmpty();
    assertThat(files()).containsExactly("index.html");
  }

  @Test
  void helpNamesEverySignalSurfaceAndFamily() {
    String help = Console.run("lab", "--help").out().replaceAll("\\s", "");

    assertThat(Console.run("--help").out()).contains("lab");
    for (Signal signal : Signal.values()) {
      assertThat(help).contains(signal.label());
    }
    for (Surface surface : Surface.values()) {
      assertThat(help).contains(surface.label());
    }
    for (Family family : Family.values()) {
      assertThat(help).contains(family.label());
    }
  }
}
