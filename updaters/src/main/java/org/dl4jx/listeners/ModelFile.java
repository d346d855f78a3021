package org.dl4jx.listeners;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.util.ModelSerializer;

/**
 * The file of a model. It has a place for further objects, which {@link
 * ModelSerializer#getObjectFromFile} finds too.
 */
public final class ModelFile {
  /** Where Deeplearning4j puts objects. */
  private static final String OBJECTS = "objects/";

  /** Comes before the names of ours. */
  private static final String OURS = "dl4jx.";

  private ModelFile() {}

  /** Writes a file. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Writes the file.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException;
  }

  /**
   * Writes a file beside the one that it then replaces, so no one ever sees a part of it.
   *
   * @param file the file
   * @param writer writes it
   * @throws IOException if it cannot be written; the file is then as it was
   */
  public static void replace(Path file, Writer writer) throws IOException {
    // Not a temporary file of Java, which only its owner may read.
    Path written = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writer.write(Files.createFile(written));
      copyPermissions(file, written);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView known = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    if (known != null && Files.exists(from)) {
      Files.setPosixFilePermissions(to, known.readAttributes().permissions());
    }
  }

  static void add(Path file, String name, Object object) throws IOException {
    checkIsModel(file);
    replace(file, copy -> copyWith(file, copy, OBJECTS + OURS + name, object));
  }

  /** Deeplearning4j reads no files with entries for folders, as Java's zip file system has them. */
  private static void copyWith(Path file, Path copy, String name, Object object)
      throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        ZipOutputStream out =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(copy)))) {
      out.setLevel(Deflater.BEST_SPEED); // Weights hardly get smaller.
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        if (!entry.getName().equals(name)) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
      out.putNextEntry(new ZipEntry(name));
      ObjectOutputStream objects = new ObjectOutputStream(out);
      objects.writeObject(object);
      objects.flush();
      out.closeEntry();
    }
  }

  static <T> T read(Path file, String name, Class<T> type) throws IOException {
    checkIsModel(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(OBJECTS + OURS + name);
      if (entry == null) {
        throw new IllegalStateException(
            String.format(
                "%s contains no %s named \"%s\", but only %s. Save it with the model, by addTo or by"
                    + " listing it after the CheckpointListener. If it was not saved, start with a"
                    + " new one",
                file, type.getSimpleName(), name, names(zip)));
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new BufferedInputStream(zip.getInputStream(entry)))) {
        Object read = in.readObject();
        if (!type.isInstance(read)) {
          throw new IllegalStateException(
              String.format(
                  "\"%s\" in %s is a %s, not a %s",
                  name, file, read.getClass().getSimpleName(), type.getSimpleName()));
        }
        return type.cast(read);
      } catch (ClassNotFoundException e) {
        throw new IOException(file + " was saved with another version of dl4jx", e);
      }
    }
  }

  private static List<String> names(ZipFile zip) {
    String prefix = OBJECTS + OURS;
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(entry -> entry.startsWith(prefix))
        .map(entry -> entry.substring(prefix.length()))
        .toList();
  }

  private static void checkIsModel(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file + " does not exist: save the network first");
    }
    Predicate<String> isPart =
        List.of(ModelSerializer.CONFIGURATION_JSON, ModelSerializer.COEFFICIENTS_BIN)::contains;
    File asFile = file.toFile();
    boolean isModel = false;
    IOException cause = null;
    try (ZipFile zip = new ZipFile(asFile)) {
      isModel = zip.stream().map(ZipEntry::getName).anyMatch(isPart);
    } catch (IOException e) {
      cause = e;
    }
    if (!isModel) {
      throw new IOException(file + " is not the file of a Deeplearning4j model", cause);
    }
  }
}
