package org.dl4jx.integration.persistence;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.util.ModelSerializer;

/** The entries of a model file of a network or graph, to be replaced. */
final class ModelArchive {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private ModelArchive() {}

  static ModelArchive read(File file) {
    ModelArchive archive = new ModelArchive();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(file.toPath()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        archive.entries.put(entry.getName(), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }

  String configuration() {
    return new String(entries.get(ModelSerializer.CONFIGURATION_JSON), StandardCharsets.UTF_8);
  }

  ModelArchive withConfiguration(UnaryOperator<String> change) {
    entries.put(
        ModelSerializer.CONFIGURATION_JSON,
        change.apply(configuration()).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  ModelArchive withStateOf(ModelArchive other) {
    entries.put(ModelSerializer.UPDATER_BIN, other.entries.get(ModelSerializer.UPDATER_BIN));
    return this;
  }

  File write(File file) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file.toPath()))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return file;
  }
}
