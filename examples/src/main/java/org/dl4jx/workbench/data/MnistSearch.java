package org.dl4jx.workbench.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.deeplearning4j.common.resources.DL4JResources;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.files.CannotWriteException;

/**
 * Finds MNIST: in a folder that the user names, or else in the cache of Deeplearning4j, in the
 * cache of dl4jx, or on a public mirror. Whatever is found has been checked against its MD5.
 */
public final class MnistSearch {
  private final List<MnistFile> files;
  private final MnistFolder cache;
  private final List<MnistFolder> deeplearning4jCaches;
  private final MnistMirrors mirrors;

  /**
   * A search for the real MNIST.
   *
   * @param cacheDir folder for what is unpacked or downloaded; null if there is none
   */
  public MnistSearch(Path cacheDir) {
    this(MnistFile.ALL, cacheDir, deeplearning4jFolders(), MnistMirrors.PUBLIC);
  }

  /**
   * A search.
   *
   * @param files the files to find
   * @param cacheDir folder for what is unpacked or downloaded; null if there is none
   * @param deeplearning4jFolders folders in which Deeplearning4j may have put unpacked files
   * @param mirrors where to download from
   */
  public MnistSearch(
      List<MnistFile> files,
      Path cacheDir,
      List<Path> deeplearning4jFolders,
      MnistMirrors mirrors) {
    this.files = files;
    this.cache = cacheDir == null ? null : new MnistFolder(cacheDir.resolve("mnist"), files);
    this.deeplearning4jCaches =
        deeplearning4jFolders.stream().map(folder -> new MnistFolder(folder, files)).toList();
    this.mirrors = mirrors;
  }

  /** Version 1.0.0-M2.1 uses the base folder itself, earlier versions a folder in it. */
  private static List<Path> deeplearning4jFolders() {
    Path base = DL4JResources.getBaseDirectory().toPath();
    return List.of(base, base.resolve("data").resolve("MNIST"));
  }

  /**
   * MNIST from a folder that the user names: its {@code mnist} folder holds the four files, all of
   * them unpacked, or all gzipped. Gzipped files are unpacked into the cache.
   *
   * @param dataDir the folder
   * @return the folder of the unpacked files
   * @throws MissingFileException if a file is missing
   * @throws DamagedFileException if a file is damaged
   * @throws NoCacheException if files have to be unpacked, but there is no cache
   * @throws CannotWriteException if the cache cannot be written
   * @throws IOException if a file cannot be read
   */
  public Path in(Path dataDir) throws IOException {
    MnistFolder given = new MnistFolder(dataDir.resolve("mnist"), files);
    if (given.isComplete()) {
      given.verify();
      return given.path();
    }
    for (MnistFile file : files) {
      Path gzip = given.path().resolve(file.gzipName());
      if (!Files.isRegularFile(gzip)) {
        throw new MissingFileException("there is no file " + gzip);
      }
    }
    MnistFolder unpacked = cache();
    for (MnistFile file : files) {
      Path gzip = given.path().resolve(file.gzipName());
      try (InputStream in = Files.newInputStream(gzip)) {
        if (unpacked.isIntact(file)) {
          MnistFolder.verify(file, in, gzip);
        } else {
          unpacked.unpack(file, in, gzip);
        }
      }
    }
    return unpacked.path();
  }

  /** The cache, without what killed processes have left in it. */
  private MnistFolder cache() throws IOException {
    if (cache == null) {
      throw new NoCacheException("the files of MNIST");
    }
    AtomicFile.removeTemporary(cache.path(), Download.ABANDONED);
    return cache;
  }

  /**
   * Whether a folder is there for other data alone, such as CIFAR-10, so that MNIST may be looked
   * for elsewhere.
   *
   * @param dataDir a folder that the user named
   * @return false if the folder is missing, or has a folder {@code mnist}, complete or not
   */
  public static boolean hasOnlyOtherData(Path dataDir) {
    return Files.isDirectory(dataDir) && !Files.exists(dataDir.resolve("mnist"));
  }

  /**
   * MNIST from a cache, or else downloaded into the cache.
   *
   * @return the folder of the unpacked files
   * @throws DataNotFoundException if it is nowhere
   * @throws DamagedFileException if a cache has all files, but a damaged one among them
   * @throws NoCacheException if it would have to be downloaded, but there is no cache
   * @throws CannotWriteException if it can be downloaded, but the cache cannot be written
   */
  public Path anywhere() throws IOException {
    StringJoiner tried = new StringJoiner("; ");
    for (MnistFolder folder : deeplearning4jCaches) {
      if (folder.isComplete()) {
        folder.verify();
        return folder.path();
      }
      tried.add("not in " + folder.path());
    }
    MnistFolder own = cache();
    if (own.isComplete()) {
      own.verify();
      return own.path();
    }
    tried.add("not in " + own.path());
    try {
      mirrors.download(own);
      return own.path();
    } catch (CannotWriteException e) {
      throw e;
    } catch (IOException e) {
      throw new DataNotFoundException("Cannot find MNIST: " + tried + "; " + e.getMessage());
    }
  }
}
