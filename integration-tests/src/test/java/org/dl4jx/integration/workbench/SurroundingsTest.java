package org.dl4jx.integration.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Screens, terminals, languages, users and disks that are not as on the developer's machine. */
@DisabledOnOs(OS.WINDOWS)
class SurroundingsTest {
  @TempDir private Path folder;

  private Workbench workbench(String... arguments) {
    return new Workbench(folder, arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedules --schedule=cosine",
        "lab --surfaces=valley --updaters=sgd --steps=3",
        "compare --dataset=mnist-embedded --train-examples=32 --epochs=1",
        "lr-find --dataset=mnist-embedded --train-examples=32 --iterations=20"
      })
  void aDisplayThatIsGoneDoesNoHarm(String command) throws Exception {
    Workbench run =
        workbench(command.split(" "))
            .with("--output=pictures")
            .environment("DISPLAY", "localhost:99")
            .run();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Workbench.files(folder.resolve("pictures"), ".png")).isNotEmpty();
  }

  /** Who asks for a screen that is not there learns it before training, in a line. */
  @Test
  void aScreenThatIsAskedForButMissingIsOneLine() throws Exception {
    Workbench run =
        workbench("lr-find", "--output=pictures")
            .with(Workbench.SMALL.subList(0, 2))
            .property("java.awt.headless", "false")
            .environment("DISPLAY", "localhost:99")
            .run();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("dl4jx: this Java cannot draw charts: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedules",
        "--help",
        "--version",
        "lab --output=x --signals=spikes --updaters=sgd",
        "compare --dataset=mnist-embedded --train-examples=32 --epochs=1 --output=y"
      })
  void outputThatIsLostIsAnError(String command) throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");

    Workbench run = workbench(command.split(" ")).shell("exec \"$@\" >/dev/full").run();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("dl4jx: standard output could not be written: some of it is lost");
  }

  @Test
  void aPipeThatClosesIsAnError() throws Exception {
    Workbench run =
        workbench("schedules").shell("{ \"$@\"; echo $? >code.txt; } | head -c 1").run();

    assertThat(folder.resolve("code.txt")).hasContent("1");
    assertThat(run.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai", "de-CH"})
  void digitsAndMessagesAreTheSameInAllLanguages(String language) throws Exception {
    Locale locale = Locale.forLanguageTag(language);
    Workbench run =
        workbench("compare", "--output=compared")
            .with(Workbench.SMALL)
            .property("user.language", locale.getLanguage())
            .property("user.country", locale.getCountry())
            .property("user.extensions", language.contains("-u-") ? language.substring(6) : "")
            .run();

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isASCII().contains("100%", "run 4 of 4", "seed 42");
    assertThat(run.out().replaceAll("[±]", "")).isASCII().contains("2,000 test images");
    assertThat(folder.resolve("compared").resolve("report.md"))
        .content()
        .contains("2,000 test images")
        .doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
  }

  /** Standard error is a file. */
  @Test
  void aLogHasNeitherColoursNorBlocks() throws Exception {
    Workbench run = workbench("compare").with(Workbench.SMALL).run();

    assertThat(run.err()).contains("compare 100% [====").isASCII().doesNotContain("\u001b", "\r");
  }

  @Test
  void aTerminalHasABarThatMoves() throws Exception {
    assertThat(onTerminal("xterm", null)).contains("\u001b[", "\r", "100%");
  }

  @Test
  void aDumbTerminalAndNoColorHaveLines() throws Exception {
    for (String shown : List.of(onTerminal("dumb", null), onTerminal("xterm", "1"))) {
      assertThat(shown).contains("compare 100% [====").doesNotContain("\u001b");
      assertThat(shown.replaceAll("[±]", "")).isASCII();
    }
  }

  /** Standard input and output are a terminal, but standard error is a file. */
  @Test
  void progressThatGoesToAFileHasNoColours() throws Exception {
    onTerminal("xterm", null, "2>progress.txt");

    assertThat(folder.resolve("progress.txt"))
        .content()
        .contains("compare 100% [====")
        .isASCII()
        .doesNotContain("\u001b");
  }

  /** What a terminal shows, by the program {@code script}, which gives a process one. */
  private String onTerminal(String type, String noColor, String... redirection) throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/script")) && !OS.MAC.isCurrentOs(),
        "this system has no script(1) of util-linux");
    Path log = folder.resolve("terminal.txt");
    // The shell of script gets one string, so each argument is quoted.
    String quoted =
        "line=; for word in \"$@\"; do line=\"$line '$word'\"; done; "
            + "exec script -q -e -c \"$line "
            + String.join(" ", redirection)
            + "\" "
            + log
            + " </dev/null";
    Workbench run =
        workbench("compare")
            .with(Workbench.SMALL)
            .environment("TERM", type)
            .environment("NO_COLOR", noColor)
            .shell(quoted)
            .run();
    assertThat(run.exitCode()).as(run.err()).isZero();
    return Files.readString(log);
  }

  @Test
  void aVariableThatTheLanguageCannotExpressIsNamed() throws Exception {
    Workbench run =
        workbench("--train-examples=32", "--epochs=1")
            .environment("LC_ALL", "C")
            .shell("export DL4JX_DATA=$(printf '/tmp/d\\303\\244t'); exec \"$@\"")
            .run();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("dl4jx: DL4JX_DATA ").contains("LC_ALL=C.UTF-8");
  }

  @Test
  void aUserWithoutAHomeGetsNoFolderByAStrangeName() throws Exception {
    Workbench run =
        workbench("compare")
            .with(Workbench.SMALL)
            .with("--output=compared")
            .property("user.home", "?")
            .run();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("?")).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamedWithTheOption() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data").resolve("mnist"));
    for (String name : List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3")) {
      Files.createFile(data.resolve(name + "-ubyte.gz"));
    }
    Files.createFile(data.resolve("t10k-labels-idx1-ubyte.gz"));

    Workbench run =
        workbench("--data-dir=data", "--cache-dir=/dev/null/cache", "--train-examples=32").run();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("dl4jx: cannot write /dev/null/cache/mnist/train-images-idx3-ubyte: ")
        .endsWith("; name another folder with --cache-dir\n");
  }
}
