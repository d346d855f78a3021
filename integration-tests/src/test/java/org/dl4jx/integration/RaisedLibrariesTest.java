package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.util.ArchiveUtils;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.serde.base64.Nd4jBase64;

/**
 * Deeplearning4j with the libraries that SECURITY.md recommends instead of its own versions, where
 * it calls them.
 */
class RaisedLibrariesTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void unpackTarArchivesWithCommonsCompress() throws Exception {
    Path archive = folder.resolve("archive.tar.gz");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      TarArchiveEntry entry = new TarArchiveEntry("file");
      entry.setSize(CONTENT.length);
      tar.putArchiveEntry(entry);
      tar.write(CONTENT);
      tar.closeArchiveEntry();
    }

    assertThat(unpacked(archive)).isEqualTo(CONTENT);
  }

  @Test
  void unpackZipArchivesWithCommonsIo() throws Exception {
    Path archive = folder.resolve("archive.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("file"));
      zip.write(CONTENT);
    }

    assertThat(unpacked(archive)).isEqualTo(CONTENT);
  }

  private byte[] unpacked(Path archive) throws IOException {
    Path target = Files.createDirectory(folder.resolve("unpacked"));
    ArchiveUtils.unzipFileTo(archive.toString(), target.toString());
    return Files.readAllBytes(target.resolve("file"));
  }

  @Test
  void readTheBase64ThatNd4jWritesWithCommonsNet() throws Exception {
    INDArray array = Nd4j.rand(10, 10);

    assertThat(Nd4jBase64.fromBase64(Nd4jBase64.base64String(array))).isEqualTo(array);
  }
}
