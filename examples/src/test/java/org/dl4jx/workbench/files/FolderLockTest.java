package org.dl4jx.workbench.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In one process. Integration tests have several. */
class FolderLockTest {
  @TempDir private Path folder;

  @Test
  void aFolderThatIsTakenIsRefusedUntilItIsGivenBack() throws IOException {
    AtomicBoolean done = new AtomicBoolean();
    try (FolderLock lock = FolderLock.in(folder);
        FolderLock other = FolderLock.in(folder)) {
      lock.takeAlone();
      assertThatThrownBy(other::takeAlone)
          .isInstanceOf(FolderInUseException.class)
          .hasMessage("another process is writing to " + folder);
      assertThatThrownBy(() -> other.share(terms -> terms))
          .isInstanceOf(FolderInUseException.class);
      other.ifFree(() -> done.set(true));
      assertThat(done).isFalse();
      lock.inTurn(() -> done.set(true));
      assertThat(done).isTrue();
    }

    done.set(false);
    try (FolderLock lock = FolderLock.in(folder)) {
      lock.ifFree(() -> done.set(true));
      lock.takeAlone();
    }
    assertThat(done).isTrue();
  }

  /** Whatever a crashed process has left in the file, nobody holds it. */
  @Test
  void termsOfNobodyDoNotCount() throws IOException {
    Path file = folder.resolve(FolderLock.FILE);
    Files.writeString(file, "old terms that are longer");

    try (FolderLock lock = FolderLock.in(folder)) {
      lock.share(
          terms -> {
            assertThat(terms).isNull();
            return "new terms";
          });
    }

    assertThat(file).hasContent("new terms");
  }

  @Test
  void whoDoesNotAgreeHoldsNothing() throws IOException {
    try (FolderLock lock = FolderLock.in(folder)) {
      assertThatThrownBy(
              () ->
                  lock.share(
                      terms -> {
                        throw new FolderInUseException("other settings");
                      }))
          .hasMessage("other settings");
    }

    try (FolderLock lock = FolderLock.in(folder)) {
      lock.takeAlone();
    }
  }
}
