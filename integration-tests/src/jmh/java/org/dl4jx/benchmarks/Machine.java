package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.dl4jx.workbench.files.AtomicFile;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;

/**
 * What measurements depend on besides the code.
 *
 * @param lines what there is, a line each
 */
record Machine(List<String> lines) {
  private static final Path LINUX_CPU = Path.of("/proc/cpuinfo");

  /** This machine, as the environment of this process sets it up. */
  static Machine current() throws IOException {
    return new Machine(
        List.of(
            "CPU: " + cpu(),
            "Cores: " + Threads.available(),
            "System: " + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            "JVM: "
                + System.getProperty("java.vm.name")
                + " "
                + System.getProperty("java.runtime.version"),
            "ND4J's binary: " + nd4jBinary(),
            "OMP_WAIT_POLICY: " + variable("OMP_WAIT_POLICY"),
            "OMP_NUM_THREADS: " + variable("OMP_NUM_THREADS")));
  }

  private static String cpu() throws IOException {
    if (!Files.isReadable(LINUX_CPU)) {
      String windows = System.getenv("PROCESSOR_IDENTIFIER");
      return windows == null ? System.getProperty("os.arch") : windows;
    }
    try (Stream<String> lines = Files.lines(LINUX_CPU)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  /** The folder of the library that was loaded, which says for which instructions it was built. */
  private static String nd4jBinary() {
    return Path.of(Loader.load(Nd4jCpu.class)).getParent().getFileName().toString();
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "not set" : value;
  }

  static Machine read(Path file) throws IOException {
    return new Machine(Files.readAllLines(file));
  }

  void write(Path file) throws IOException {
    AtomicFile.write(file, String.join("\n", lines) + "\n");
  }
}
