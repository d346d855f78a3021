package org.dl4jx.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of {@code --output}. */
final class OutputFolder {
  private OutputFolder() {}

  /** Creates the folder, and fails now rather than after the work if it is not writable. */
  static void checkWritable(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "dl4jx", ".part"));
    } catch (IOException e) {
      throw new IOException("cannot write to the folder of --output: " + e, e);
    }
  }
}
