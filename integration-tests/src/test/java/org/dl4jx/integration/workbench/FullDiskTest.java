package org.dl4jx.integration.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.dl4jx.workbench.experiment.Json;
import org.dl4jx.workbench.experiment.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk with little room: a file system in memory, where the machine allows one. */
class FullDiskTest {
  private static final int KIBIBYTES = 1024;

  @TempDir private Path folder;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + KIBIBYTES + "k", "tmpfs", disk.toString());
    assumeTrue(mounted, "this user may not mount a file system in memory");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", disk.toString());
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Workbench workbench(String... arguments) {
    return new Workbench(folder, arguments).with("--output=" + disk.resolve("x"));
  }

  /** Leaves so much room. */
  private Path fill(int kibibytes) throws IOException {
    return Files.write(folder.resolve("disk/filling"), new byte[1024 * (KIBIBYTES - kibibytes)]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --dataset=mnist-embedded",
        "tune --dataset=mnist-embedded",
        "lr-find --dataset=mnist-embedded",
        "schedules",
        "lab"
      })
  void aFullDiskIsFoundOutBeforeTheWork(String command) throws Exception {
    fill(0);

    Workbench full = workbench(command.split(" ")).run();

    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.out()).isEmpty();
    assertThat(full.err().lines()).hasSize(1);
    assertThat(full.err())
        .startsWith("dl4jx: cannot write to the folder of --output, " + disk.resolve("x") + ": ")
        .endsWith("make room or choose another\n");
    assertThat(Workbench.files(disk, ".part")).isEmpty();
  }

  /** There is room for some of the runs, but not for all. */
  @Test
  void finishedRunsAreKeptAndGoneOnWith() throws Exception {
    Path filling = fill(120);
    String[] compare = {"compare", "--seeds=20", "--updaters=adam", "--schedules=constant"};

    Workbench full = workbench(compare).with(Workbench.SMALL).run();

    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.err().lines().filter(line -> line.startsWith("dl4jx: "))).hasSize(1);
    assertThat(full.err())
        .contains("dl4jx: cannot write " + disk.resolve("x/runs/adam.constant.seed-"))
        .contains("--resume continues");
    int kept = Workbench.runs(disk.resolve("x")).size();
    assertThat(kept).isBetween(1, 19);
    assertThat(Workbench.files(disk, ".part")).isEmpty();
    for (Path run : Workbench.runs(disk.resolve("x"))) {
      assertThat(Json.read(run, Run.class, "").result().accuracy()).isPositive();
    }

    // Now the runs fit, but not the report. Nothing of it is there in half.
    Files.delete(filling);
    fill(340);
    Workbench resumed = workbench(compare).with(Workbench.SMALL).with("--resume").run();

    assertThat(Workbench.runs(disk.resolve("x"))).hasSize(20);
    assertThat(resumed.exitCode()).isEqualTo(1);
    assertThat(resumed.err()).contains("cannot write " + disk.resolve("x/report."));
    assertThat(Workbench.files(disk, ".part")).isEmpty();
  }

  @Test
  void picturesThatDoNotFitAreNamed() throws Exception {
    fill(70);

    Workbench full = workbench("schedules").run();

    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.err().lines())
        .containsExactly(
            "dl4jx: cannot write "
                + disk.resolve("x/schedules.png")
                + ": no space left on device; make it writable, or choose another folder for --output");
  }

  @Test
  void aCacheThatIsFullIsNamedWithTheOption() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/mnist"));
    for (String name :
        new String[] {
          "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"
        }) {
      try (var out =
          new GZIPOutputStream(Files.newOutputStream(data.resolve(name + "-ubyte.gz")))) {
        out.write(new byte[2 << 20]);
      }
    }

    Workbench full =
        new Workbench(folder, "--data-dir=" + folder.resolve("data"), "--cache-dir=" + disk).run();

    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.err().lines())
        .containsExactly(
            "dl4jx: cannot write "
                + disk.resolve("mnist/train-images-idx3-ubyte")
                + ": no space left on device; name another folder with --cache-dir");
    assertThat(disk).isEmptyDirectory();
  }
}
