package org.dl4jx.examples.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster of Spark on this machine: a master and workers, each with a process of its
 * own, as their scripts start them. It has a home with Spark's jars alone, so that everything else
 * has to come with the program.
 */
final class SparkCluster implements AutoCloseable {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String DEPLOY = "org.apache.spark.deploy.";

  /** What the program brings to a cluster. */
  private static final Pattern OF_PROGRAM =
      Pattern.compile(
          ".*/(dl4jx-|org/deeplearning4j|org/nd4j|org/datavec|org/bytedeco|info/picocli"
              + "|me/tongfei|org/jline|com/google/flatbuffers|com/jakewharton|com/github/oshi"
              + "|net/java/dev/jna|net/ericaro|it/unimi|junit|jqwik|assertj|slf4j-simple).*");

  private final Path folder;
  private final Path home;
  private final String url;
  private final List<Process> processes = new ArrayList<>();

  SparkCluster(Path folder, int workers) throws IOException {
    this.folder = folder;
    this.home = home(Files.createDirectory(folder.resolve("home")));
    int port = freePort();
    this.url = "spark://127.0.0.1:" + port;
    start("master.Master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0");
    for (int i = 0; i < workers; i++) {
      start(
          "worker.Worker",
          "--host",
          "127.0.0.1",
          "--webui-port",
          "0",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          folder.resolve("work-" + i).toString(),
          url);
    }
  }

  private static Path home(Path home) throws IOException {
    Path jars = Files.createDirectory(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && !OF_PROGRAM.matcher(entry.replace('\\', '/')).matches()) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start(String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(System.getProperty("spark.opens").strip().split("\\s+")));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            home.resolve("jars") + "/*",
            DEPLOY + main));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(main + "-" + processes.size() + ".log").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** What the script spark-submit starts. */
  Process submit(Path jar, Path output, String... arguments) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--master", url, "--conf", "spark.driver.host=127.0.0.1", jar.toString()));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--output", output.toString()));
    return start("SparkSubmit", all.toArray(String[]::new));
  }

  String url() {
    return url;
  }

  /** The last process that was started, and its output so far. */
  String log(Process process) throws IOException {
    int index = processes.indexOf(process);
    try (Stream<Path> files = Files.list(folder)) {
      Path log =
          files
              .filter(file -> file.getFileName().toString().endsWith("-" + index + ".log"))
              .findFirst()
              .orElseThrow();
      return Files.readString(log);
    }
  }

  /** Kills a worker with its executors, as a machine that is switched off. */
  void killWorker(int index) {
    Process worker = processes.get(1 + index);
    List<ProcessHandle> executors = worker.descendants().toList();
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
