package org.dl4jx.workbench.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The software and the machine of a run.
 *
 * @param versions of dl4jx, Deeplearning4j, Java and the native library
 * @param machine processor, cores, operating system and thread settings
 */
public record Environment(Map<String, String> versions, Map<String, String> machine) {
  private static final String VERSIONS = "/org/dl4jx/workbench/version.properties";

  /**
   * The environment of this process.
   *
   * @return its versions and machine
   * @throws IOException if the program cannot read its own version
   */
  public static Environment here() throws IOException {
    Properties own = versionsOfTheBuild();
    Properties nd4j = Nd4j.getExecutioner().getEnvironmentInformation();
    Map<String, String> versions = new TreeMap<>();
    versions.put("dl4jx", own.getProperty("version"));
    versions.put("Deeplearning4j", own.getProperty("dl4j"));
    versions.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    versions.put("ND4J backend", Nd4j.getBackend().getClass().getSimpleName());
    versions.put(
        "ND4J binary",
        NativeOpsHolder.getInstance()
            .getDeviceNativeOps()
            .buildInfo()
            .strip()
            .replaceAll("\\s*\\R\\s*", "; "));
    Map<String, String> machine = new TreeMap<>();
    machine.put("processor", processor());
    machine.put("cores", nd4j.get(Nd4jEnvironment.CPU_CORES_KEY).toString());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("BLAS", nd4j.get(Nd4jEnvironment.BLAS_VENDOR_KEY).toString());
    machine.put("OpenMP threads", nd4j.get(Nd4jEnvironment.OMP_THREADS_KEY).toString());
    String waiting = System.getenv("OMP_WAIT_POLICY");
    machine.put("OMP_WAIT_POLICY", waiting == null ? "not set" : waiting);
    return new Environment(versions, machine);
  }

  /**
   * The version of dl4jx.
   *
   * @return a version such as {@code 0.1.0}
   * @throws IOException if the program cannot read it
   */
  public static String version() throws IOException {
    return versionsOfTheBuild().getProperty("version");
  }

  private static Properties versionsOfTheBuild() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream(VERSIONS)) {
      properties.load(in);
    }
    return properties;
  }

  /** Java has no API for the name of the processor. */
  private static String processor() throws IOException {
    Path linux = Path.of("/proc/cpuinfo");
    if (Files.isReadable(linux)) {
      try (Stream<String> lines = Files.lines(linux)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst(".*:\\s*", ""))
            .findFirst()
            .orElse("unknown");
      }
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows == null ? "unknown" : windows;
  }
}
