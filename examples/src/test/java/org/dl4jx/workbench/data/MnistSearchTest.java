package org.dl4jx.workbench.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistSearchTest {
  private static final byte[] IMAGES = "images ".repeat(1000).getBytes(UTF_8);
  private static final byte[] LABELS = "labels".getBytes(UTF_8);
  private static final MnistFile IMAGES_FILE = new MnistFile("images", md5(IMAGES));
  private static final MnistFile LABELS_FILE = new MnistFile("labels", md5(LABELS));

  @TempDir private Path folder;
  private Path dataDir;
  private Path given;
  private Path cacheDir;
  private Path cache;
  private Path deeplearning4j;

  @BeforeEach
  void makeFolders() throws IOException {
    dataDir = folder.resolve("data");
    given = Files.createDirectories(dataDir.resolve("mnist"));
    cacheDir = folder.resolve("cache");
    cache = cacheDir.resolve("mnist");
    deeplearning4j = Files.createDirectories(folder.resolve("deeplearning4j"));
  }

  @Test
  void usesUnpackedFilesWhereTheyAre() throws IOException {
    putUnpacked(given);

    assertThat(search().in(dataDir)).isEqualTo(given);
    assertThat(cache).doesNotExist();
  }

  @Test
  void unpacksGzippedFilesIntoTheCache() throws IOException {
    putGzipped(given);

    assertThat(search().in(dataDir)).isEqualTo(cache);
    assertThatCacheIsWhole();
  }

  @Test
  void unpacksAgainWhatIsDamagedInTheCache() throws IOException {
    putGzipped(given);
    Files.createDirectories(cache);
    Files.write(cache.resolve("images"), LABELS);

    search().in(dataDir);

    assertThatCacheIsWhole();
  }

  @Test
  void namesTheFileThatTheFolderLacks() throws IOException {
    putGzipped(given);
    Files.delete(given.resolve("labels.gz"));

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(MissingFileException.class)
        .hasMessage("there is no file %s", given.resolve("labels.gz"));
    assertThat(cache).doesNotExist();
  }

  @Test
  void refusesAFolderThatDoesNotExist() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> search().in(missing))
        .isInstanceOf(MissingFileException.class)
        .hasMessageStartingWith("there is no file " + missing);
  }

  @Test
  void refusesATruncatedGzipAndLeavesNothingBehind() throws IOException {
    putGzipped(given);
    byte[] whole = gzip(IMAGES);
    Files.write(given.resolve("images.gz"), Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(
            given.resolve("images.gz").toString(), "truncated", IMAGES_FILE.md5());
    assertThat(cache).doesNotExist();
  }

  @Test
  void refusesAFileThatIsNoGzip() throws IOException {
    putGzipped(given);
    Files.write(given.resolve("labels.gz"), LABELS);

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll("labels.gz", "damaged", LABELS_FILE.md5());
  }

  @Test
  void refusesAGzipWithOtherContent() throws IOException {
    putGzipped(given);
    Files.write(given.resolve("labels.gz"), gzip(IMAGES));

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(
            "labels.gz", "must have MD5 " + LABELS_FILE.md5(), "but has " + IMAGES_FILE.md5());
    assertThat(cache.resolve("labels")).doesNotExist();
  }

  @Test
  void refusesADamagedFileEvenIfTheCacheHasAWholeOne() throws IOException {
    putGzipped(given);
    search().in(dataDir);
    Files.write(given.resolve("labels.gz"), LABELS);

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll("labels.gz", "damaged");
    assertThatCacheIsWhole();
  }

  @Test
  void refusesATruncatedUnpackedFile() throws IOException {
    putUnpacked(given);
    Files.write(given.resolve("images"), Arrays.copyOf(IMAGES, 10));

    assertThatThrownBy(() -> search().in(dataDir))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(
            given.resolve("images").toString(), "must have MD5 " + IMAGES_FILE.md5(), "delete it");
  }

  @Test
  void prefersTheCacheOfDeeplearning4j() throws IOException {
    putUnpacked(deeplearning4j);
    putUnpacked(Files.createDirectories(cache));

    assertThat(search().anywhere()).isEqualTo(deeplearning4j);
  }

  @Test
  void prefersItsOwnCacheToADownload() throws IOException {
    putUnpacked(Files.createDirectories(cache));

    assertThat(search().anywhere()).isEqualTo(cache);
  }

  @Test
  void refusesADamagedCacheInsteadOfPassingIt() throws IOException {
    putUnpacked(deeplearning4j);
    Files.write(deeplearning4j.resolve("images"), LABELS);

    assertThatThrownBy(() -> search().anywhere())
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(deeplearning4j.resolve("images").toString(), "delete it");
  }

  @Test
  void downloadsWhatIsNowhere() throws IOException {
    Path mirror = Files.createDirectories(folder.resolve("mirror"));
    putGzipped(mirror);

    assertThat(search(mirror.toUri()).anywhere()).isEqualTo(cache);
    assertThatCacheIsWhole();
  }

  @Test
  void takesFromTheNextMirrorWhatTheFirstHasDamagedOrLacks() throws IOException {
    try (Server damaged = new Server("/images.gz", Arrays.copyOf(gzip(IMAGES), 20));
        Server empty = new Server("/other", LABELS)) {
      Path good = Files.createDirectories(folder.resolve("good"));
      putGzipped(good);

      search(damaged.address(), empty.address(), good.toUri()).anywhere();

      assertThatCacheIsWhole();
    }
  }

  @Test
  void saysWhatItTriedAndWhyThatFailed() throws IOException {
    try (Server damaged = new Server("/images.gz", gzip(LABELS));
        Server empty = new Server("/other", LABELS)) {
      assertThatThrownBy(() -> search(damaged.address(), empty.address()).anywhere())
          .isInstanceOf(DataNotFoundException.class)
          .hasMessageContainingAll(
              "not in " + deeplearning4j,
              "not in " + cache,
              damaged.address() + "images.gz, unpacked, must have MD5 " + IMAGES_FILE.md5(),
              ", but has " + LABELS_FILE.md5(),
              empty.address() + "images.gz: not found");
      assertThat(cache).doesNotExist();
    }
  }

  private MnistSearch search(URI... mirrors) {
    return new MnistSearch(
        List.of(IMAGES_FILE, LABELS_FILE),
        cacheDir,
        List.of(deeplearning4j),
        new MnistMirrors(List.of(mirrors)));
  }

  private void assertThatCacheIsWhole() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).containsExactlyInAnyOrder(cache.resolve("images"), cache.resolve("labels"));
    }
    assertThat(cache.resolve("images")).hasBinaryContent(IMAGES);
    assertThat(cache.resolve("labels")).hasBinaryContent(LABELS);
  }

  private static void putUnpacked(Path folder) throws IOException {
    Files.write(folder.resolve("images"), IMAGES);
    Files.write(folder.resolve("labels"), LABELS);
  }

  private static void putGzipped(Path folder) throws IOException {
    Files.write(folder.resolve("images.gz"), gzip(IMAGES));
    Files.write(folder.resolve("labels.gz"), gzip(LABELS));
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A mirror on this machine that has one file. */
  private static final class Server implements AutoCloseable {
    private final HttpServer server;

    Server(String path, byte[] content) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean found = exchange.getRequestURI().getPath().equals(path);
            exchange.sendResponseHeaders(found ? 200 : 404, found ? content.length : -1);
            if (found) {
              exchange.getResponseBody().write(content);
            }
            exchange.close();
          });
      server.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
