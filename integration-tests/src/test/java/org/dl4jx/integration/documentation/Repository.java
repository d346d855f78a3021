package org.dl4jx.integration.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of the checkout that is tested.
 *
 * @param root its folder
 */
record Repository(Path root) {
  /** Maven runs the tests of a module in its folder. */
  static final Repository CHECKOUT = new Repository(Path.of("..").toAbsolutePath().normalize());

  /** README.md and the other documents beside it, and everything in docs. */
  List<MarkdownDocument> documents() {
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(top.sorted(), docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .map(MarkdownDocument::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MarkdownDocument document(String name) {
    return MarkdownDocument.read(root.resolve(name));
  }

  /** The main sources of a module. */
  JavaSources sources(String module) {
    return JavaSources.in(root.resolve(module).resolve("src/main/java"));
  }

  /** A file's name as people see it, with forward slashes. */
  String name(Path file) {
    return root.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }
}
