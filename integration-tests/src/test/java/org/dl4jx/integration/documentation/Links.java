package org.dl4jx.integration.documentation;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.dl4jx.integration.documentation.MarkdownDocument.Target;

/** Follows links within a repository, without the network. */
final class Links {
  private Links() {}

  /**
   * The links and images of a document that lead nowhere, each with its place and what is wrong.
   */
  static List<String> broken(Repository repository, MarkdownDocument document) {
    return document.targets().stream()
        .flatMap(
            target ->
                problem(repository, document, target).stream()
                    .map(p -> repository.name(document.file()) + ":" + target.line() + ": " + p))
        .toList();
  }

  private static Optional<String> problem(
      Repository repository, MarkdownDocument document, Target target) {
    URI uri = URI.create(target.destination().replace(" ", "%20"));
    if (uri.isAbsolute() || uri.getAuthority() != null) {
      return Optional.empty();
    }
    Path file = document.file();
    if (uri.getPath().startsWith("/")) {
      file = repository.root().resolve(uri.getPath().substring(1));
    } else if (!uri.getPath().isEmpty()) {
      file = document.file().resolveSibling(uri.getPath());
    }
    file = file.toAbsolutePath().normalize();
    String name = repository.name(file);
    if (!file.startsWith(repository.root().toAbsolutePath())) {
      return Optional.of(name + " is outside of the repository");
    }
    if (StreamSupport.stream(Path.of(name).spliterator(), false)
        .anyMatch(Path.of("target")::equals)) {
      return Optional.of(name + " is built and not in the repository");
    }
    if (!Files.exists(file)) {
      return Optional.of("there is no " + name);
    }
    String anchor = uri.getFragment();
    if (anchor == null) {
      return Optional.empty();
    }
    if (name.endsWith(".md")) {
      return MarkdownDocument.read(file).anchors().contains(anchor)
          ? Optional.empty()
          : Optional.of(file.getFileName() + " has no heading for #" + anchor);
    }
    boolean namesLines = anchor.matches("L\\d+(-L\\d+)?");
    return namesLines ? Optional.empty() : Optional.of(name + " has no headings");
  }
}
