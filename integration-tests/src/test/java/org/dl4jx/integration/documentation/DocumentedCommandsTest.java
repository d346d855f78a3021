package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the documents succeed. They are executed in the order of the documents, in a copy
 * of the checkout, where they may overwrite what they like.
 */
@Tag("documentation")
class DocumentedCommandsTest {
  private static final Set<String> NOT_COPIED = Set.of(".git", "target");

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> succeed() throws IOException {
    Path checkout = folder.resolve("checkout");
    copy(Repository.CHECKOUT.root(), checkout);
    return Repository.CHECKOUT.documents().stream()
        .flatMap(document -> MavenCommand.in(Repository.CHECKOUT, document).stream())
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.place() + " " + String.join(" ", command.command().words()),
                    () -> {
                      String why = command.whyNotExecuted();
                      assumeTrue(why.isEmpty(), why);
                      execute(command.command(), checkout);
                    }));
  }

  private static void execute(ShellScript.Command command, Path checkout) throws Exception {
    boolean isWindows = File.separatorChar == '\\';
    Path maven = Path.of(System.getProperty("maven.home"), "bin", isWindows ? "mvn.cmd" : "mvn");
    List<String> words = new ArrayList<>(command.words());
    words.set(0, maven.toString());
    words.add("-Dmaven.repo.local=" + System.getProperty("maven.repo.local"));
    if (System.getProperty("maven.mode").equals("offline=true")) {
      words.add("-o");
    }
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(command.environment());
    int exitCode = builder.start().waitFor();

    assertThat(exitCode).as(() -> "the exit code after\n" + read(output)).isZero();
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (NOT_COPIED.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
