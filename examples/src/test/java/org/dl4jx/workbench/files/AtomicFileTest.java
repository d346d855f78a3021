package org.dl4jx.workbench.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder;

  @Test
  void makesMissingFoldersAndReplacesWhatWasThere() throws IOException {
    Path file = folder.resolve("a").resolve("b");

    AtomicFile.write(file, out -> out.write('x'));
    AtomicFile.write(file, out -> out.write('y'));

    assertThat(file).hasContent("y");
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write('x');
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void foldersThatWereMadeForAFileGoWithIt() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    there.resolve("a").resolve("b").resolve("file"),
                    out -> {
                      throw new IOException("not an archive");
                    }))
        .hasMessage("not an archive");

    assertThat(there).isEmptyDirectory();
  }

  @Test
  void whatIsInTheWayIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path full = Files.createDirectories(folder.resolve("full").resolve("inner")).getParent();

    assertThatThrownBy(() -> AtomicFile.write(file.resolve("x"), ""))
        .isInstanceOf(CannotWriteException.class)
        .hasMessageStartingWith("cannot write " + file.resolve("x") + ": ");
    assertThatThrownBy(() -> AtomicFile.write(full, ""))
        .isInstanceOf(CannotWriteException.class)
        .hasMessageStartingWith("cannot write " + full + ": is a ");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, full);
    }
  }

  /** A file system may have no room left in the middle of a file. */
  @Test
  void aFailureInTheMiddleNamesTheTarget() {
    Path file = folder.resolve("file");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      // As a failure of the system does, it closes the channel.
                      Thread.currentThread().interrupt();
                      try {
                        out.write(new byte[1 << 20]);
                      } finally {
                        Thread.interrupted();
                      }
                    }))
        .isInstanceOf(CannotWriteException.class)
        .hasMessageStartingWith("cannot write " + file + ": ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatKilledProcessesHaveLeftIsRemoved() throws IOException {
    Path left = folder.resolve("run.json." + UUID.randomUUID() + ".part");
    Files.createFile(left);
    Path other = Files.createFile(folder.resolve("film.part"));

    AtomicFile.removeTemporary(folder, Duration.ofMinutes(1));
    assertThat(left).exists();
    AtomicFile.removeTemporary(folder);

    assertThat(left).doesNotExist();
    assertThat(other).exists();
  }
}
