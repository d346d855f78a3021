package org.dl4jx.workbench.data;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.deeplearning4j.common.resources.DL4JResources;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.files.CannotWriteException;

/**
 * Finds CIFAR-10, as its authors publish it or with one file per image, and converts it once to the
 * layout of the authors' binary version. The result is cached in a folder whose name includes the
 * MD5 of the source, and checked whenever it is read.
 */
public final class Cifar10Search {
  private static final String ZIP = "cifar10.zip";

  private final Path cacheDir;
  private final Path deeplearning4j;
  private final Cifar10Archive archive;
  private final int train;
  private final int test;

  /**
   * A search on this machine and on the authors' site.
   *
   * @param cacheDir folder for unpacked and downloaded files; null if there is none
   */
  public Cifar10Search(Path cacheDir) {
    this(
        cacheDir,
        DL4JResources.getBaseDirectory().toPath().resolve("data").resolve("cifar10"),
        Cifar10Archive.PUBLIC,
        Cifar10.TRAIN,
        Cifar10.TEST);
  }

  /**
   * A search.
   *
   * @param cacheDir folder for unpacked and downloaded files; null if there is none
   * @param deeplearning4j folder in which Deeplearning4j may have stored one file per image
   * @param archive where to download from
   * @param train number of training images
   * @param test number of test images
   */
  public Cifar10Search(
      Path cacheDir, Path deeplearning4j, Cifar10Archive archive, int train, int test) {
    this.cacheDir = cacheDir;
    this.deeplearning4j = deeplearning4j;
    this.archive = archive;
    this.train = train;
    this.test = test;
  }

  /**
   * CIFAR-10 from a folder that the user names. It has {@code cifar10.zip}, with the folders {@code
   * cifar10/train/<class>} and {@code cifar10/test/<class>}, or the authors' {@code
   * cifar-10-binary.tar.gz}.
   *
   * @param dataDir the folder
   * @return the images
   * @throws MissingFileException if the folder has neither file
   * @throws IOException if the file is damaged or cannot be unpacked
   */
  public Cifar10 in(Path dataDir) throws IOException {
    Path zip = dataDir.resolve(ZIP);
    Path tar = dataDir.resolve(Cifar10Archive.NAME);
    if (Files.isRegularFile(zip)) {
      return made(Md5.of(zip), zip, folder -> unpackZip(zip, folder));
    } else if (Files.isRegularFile(tar)) {
      archive.verify(tar);
      return made(archive.md5(), tar, folder -> archive.unpack(tar, folder));
    }
    throw new MissingFileException(
        String.format("there is no file %s, nor %s beside it", zip, Cifar10Archive.NAME));
  }

  /**
   * CIFAR-10 from Deeplearning4j's cache or, failing that, from the cache, without downloading it.
   *
   * @return the images; empty if neither cache has them
   * @throws DamagedFileException if Deeplearning4j's cache lacks images or has unreadable ones
   * @throws IOException if it cannot be read
   */
  public Optional<Cifar10> cached() throws IOException {
    if (Files.isDirectory(deeplearning4j)) {
      Cifar10Folders folders = new Cifar10Folders(deeplearning4j, deeplearning4j);
      return Optional.of(made("deeplearning4j", deeplearning4j, folder -> unpack(folders, folder)));
    } else if (cacheDir == null) {
      return Optional.empty();
    }
    Cifar10Cache cache = cache(archive.md5());
    return cache.isMade() ? Optional.of(new Cifar10(cache.folder(), cacheDir)) : Optional.empty();
  }

  /**
   * CIFAR-10 from a cache or, failing that, downloaded to the cache.
   *
   * @param notice is told before the download of 162 MB
   * @return the images
   * @throws DataNotFoundException if it cannot be found or downloaded
   * @throws DamagedFileException if Deeplearning4j's cache lacks images or has unreadable ones
   * @throws IOException if it cannot be read
   */
  public Cifar10 anywhere(Consumer<String> notice) throws IOException {
    Optional<Cifar10> cached = cached();
    return cached.isPresent() ? cached.get() : downloaded(notice);
  }

  private Cifar10 downloaded(Consumer<String> notice) throws IOException {
    Cifar10Cache cache = cache(archive.md5());
    Path tar = cacheDir.resolve(Cifar10Archive.NAME);
    try {
      notice.accept("Downloading CIFAR-10 (162 MB) from " + archive.address());
      archive.download(tar);
      cache.make(folder -> archive.unpack(tar, folder));
      Files.delete(tar);
      return new Cifar10(cache.folder(), cacheDir);
    } catch (DamagedFileException | CannotWriteException e) {
      throw e;
    } catch (IOException e) {
      throw new DataNotFoundException(
          String.format(
              "Cannot find CIFAR-10: not in %s; not in %s; %s",
              deeplearning4j, cacheDir, e.getMessage()));
    }
  }

  private void unpackZip(Path zip, Path folder) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(zip)) {
      unpack(new Cifar10Folders(files.getPath("cifar10"), zip), folder);
    } catch (ZipException e) {
      throw new DamagedFileException(zip + " is damaged or truncated: " + e.getMessage(), e);
    }
  }

  private void unpack(Cifar10Folders folders, Path folder) throws IOException {
    folders.unpack("train", train, folder.resolve(Cifar10Cache.TRAIN_FILE));
    folders.unpack("test", test, folder.resolve(Cifar10Cache.TEST_FILE));
  }

  private Cifar10 made(String key, Path origin, Cifar10Cache.Unpacking unpacking)
      throws IOException {
    Cifar10Cache cache = cache(key);
    if (!cache.isMade()) {
      cache.make(unpacking);
    }
    return new Cifar10(cache.folder(), origin);
  }

  /** A folder of the cache, without what killed processes have left beside it. */
  private Cifar10Cache cache(String key) throws IOException {
    if (cacheDir == null) {
      throw new NoCacheException("the images of CIFAR-10");
    }
    AtomicFile.removeTemporary(cacheDir, Download.ABANDONED);
    return new Cifar10Cache(cacheDir.resolve("cifar10-" + key));
  }
}
