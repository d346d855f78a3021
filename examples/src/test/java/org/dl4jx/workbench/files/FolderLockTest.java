package org.dl4jx.workbench.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In one process. Integration tests have several. */
class FolderLockTest {
  @TempDir private Path folder;

  @Test
  void aFolderThatIsTakenIsRefusedAndLeftWithoutATrace() throws IOException {
    try (FolderLock lock = FolderLock.alone(folder)) {
      assertThat(folder.resolve(FolderLock.FILE)).exists();
      assertThatThrownBy(() -> FolderLock.alone(folder))
          .isInstanceOf(FolderInUseException.class)
          .hasMessage("another process is writing to " + folder);
      assertThatThrownBy(() -> FolderLock.shared(folder, terms -> terms))
          .isInstanceOf(FolderInUseException.class);
      lock.inTurn(() -> Files.createFile(folder.resolve("written")));
    }

    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
    FolderLock.alone(folder).close();
  }

  /** Whatever a crashed process has left in the file, nobody holds it. */
  @Test
  void termsOfNobodyDoNotCount() throws IOException {
    Files.writeString(folder.resolve(FolderLock.FILE), "old terms");

    try (FolderLock lock =
        FolderLock.shared(
            folder,
            terms -> {
              assertThat(terms).isEmpty();
              return "new terms";
            })) {
      lock.inTurn(() -> assertThat(folder.resolve(FolderLock.FILE)).hasSize("new terms".length()));
    }
  }

  @Test
  void whoDoesNotAgreeHoldsNothing() throws IOException {
    assertThatThrownBy(
            () ->
                FolderLock.shared(
                    folder,
                    terms -> {
                      throw new FolderInUseException("other settings");
                    }))
        .hasMessage("other settings");

    assertThat(folder).isEmptyDirectory();
    FolderLock.alone(folder).close();
  }
}
