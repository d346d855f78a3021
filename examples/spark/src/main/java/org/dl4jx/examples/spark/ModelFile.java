package org.dl4jx.examples.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jx.schedules.checks.Argument;
import org.dl4jx.workbench.files.AtomicFile;
import org.dl4jx.workbench.files.UserPath;

/** A file for a trained network, which is never there in half. */
interface ModelFile {
  /** Finds out before the training whether the file can be written. */
  void check() throws IOException;

  /** Writes a network with the state of its updater, in place of what is there. */
  void write(MultiLayerNetwork network) throws IOException;

  /**
   * A file.
   *
   * @param name a URI of Hadoop, or else a path on this machine
   */
  static ModelFile of(String name, Configuration hadoop) throws IOException {
    // A single letter is a drive of Windows.
    return Pattern.matches("[A-Za-z][A-Za-z0-9+.-]+:.*", name)
        ? new InHadoop(new org.apache.hadoop.fs.Path(name), hadoop)
        : new Local(UserPath.parse("--output", name).toAbsolutePath());
  }

  /** A file on this machine. */
  record Local(Path file) implements ModelFile {
    @Override
    public void check() throws IOException {
      if (Files.isDirectory(file)) {
        throw new IOException(Argument.refusal("--output", file, "a file, not a folder"));
      }
      AtomicFile.checkWritable(file.getParent());
    }

    @Override
    public void write(MultiLayerNetwork network) throws IOException {
      AtomicFile.write(file, out -> ModelSerializer.writeModel(network, out, true));
    }
  }

  /** A file in HDFS, S3, or whatever else Hadoop knows. */
  record InHadoop(FileContext files, org.apache.hadoop.fs.Path file) implements ModelFile {
    InHadoop(org.apache.hadoop.fs.Path file, Configuration hadoop) throws IOException {
      this(FileContext.getFileContext(file.toUri(), hadoop), file);
    }

    private org.apache.hadoop.fs.Path part() {
      return file.suffix("." + UUID.randomUUID() + ".part");
    }

    @Override
    public void check() throws IOException {
      if (files.util().exists(file) && files.getFileStatus(file).isDirectory()) {
        throw new IOException(Argument.refusal("--output", file, "a file, not a folder"));
      }
      org.apache.hadoop.fs.Path part = part();
      create(part).close();
      files.delete(part, false);
    }

    @Override
    public void write(MultiLayerNetwork network) throws IOException {
      org.apache.hadoop.fs.Path part = part();
      try {
        try (OutputStream out = create(part)) {
          ModelSerializer.writeModel(network, out, true);
        }
        files.rename(part, file, Options.Rename.OVERWRITE);
      } finally {
        files.delete(part, false);
      }
    }

    private OutputStream create(org.apache.hadoop.fs.Path part) throws IOException {
      return files.create(part, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent());
    }
  }
}
