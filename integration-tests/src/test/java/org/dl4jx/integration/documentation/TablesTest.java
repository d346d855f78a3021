package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jx.integration.documentation.JavaSources.Listing;
import org.dl4jx.integration.documentation.JavaSources.PublicType;
import org.dl4jx.integration.documentation.MarkdownDocument.Table;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Tables list everything of their kind, and updaters and schedules in the same order everywhere.
 */
class TablesTest {
  /** A library, and what is listed of it. */
  enum Library {
    SCHEDULES("schedules", ISchedule.class),
    UPDATERS("updaters", IUpdater.class);

    private final String module;
    private final Class<?> kind;
    private final JavaSources sources;

    Library(String module, Class<?> kind) {
      this.module = module;
      this.kind = kind;
      this.sources = Repository.CHECKOUT.sources(module);
    }

    /** The public classes of this kind that can be made. */
    List<String> classes() {
      return sources.types().stream()
          .map(Library::load)
          .filter(this::isListed)
          .map(Class::getSimpleName)
          .toList();
    }

    private boolean isListed(Class<?> type) {
      boolean isForUsers = type.getPackageName().equals("org.dl4jx." + module);
      return isForUsers && kind.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
    }

    private static Class<?> load(PublicType type) {
      try {
        return Class.forName(type.name());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }

    /** The table in the documentation of the package. */
    List<String> listing() {
      List<Listing> tables =
          sources.listings().stream()
              .filter(table -> table.packageName().equals("org.dl4jx." + module))
              .toList();
      assertThat(tables).as("tables in the documentation of org.dl4jx." + module).hasSize(1);
      return tables.get(0).classes();
    }
  }

  @Test
  void theCommandLineKnowsAllUpdaters() {
    assertThat(NamedUpdater.values().stream().map(u -> u.create(0.1, 0).getClass().getSimpleName()))
        .containsAll(Library.UPDATERS.classes());
  }

  @ParameterizedTest
  @EnumSource
  void documentationOfThePackageListsAllOnce(Library library) {
    assertThat(library.classes()).isNotEmpty();
    assertThat(library.listing()).containsExactlyInAnyOrderElementsOf(library.classes());
  }

  @Test
  void documentationOfTheExamplesListsAllOnce() {
    JavaSources sources = Repository.CHECKOUT.sources("examples");
    List<String> trainers =
        sources.types().stream()
            .filter(type -> type.name().matches("org\\.dl4jx\\.examples\\.\\w+"))
            .map(Library::load)
            .filter(
                type -> Arrays.stream(type.getMethods()).anyMatch(m -> m.getName().equals("main")))
            .map(Class::getSimpleName)
            .toList();

    assertThat(trainers).isNotEmpty();
    assertThat(sources.listings())
        .filteredOn(Listing::packageName, "org.dl4jx.examples")
        .hasSize(1);
    assertThat(sources.listings())
        .filteredOn(Listing::packageName, "org.dl4jx.examples")
        .flatMap(Listing::classes)
        .containsExactlyInAnyOrderElementsOf(trainers);
  }

  /** There, {@code …} stands for {@code org.dl4jx.} */
  @ParameterizedTest
  @ValueSource(strings = {"schedules", "updaters", "examples"})
  void contributingListsAllPackages(String module) throws IOException {
    Path sources = Repository.CHECKOUT.root().resolve(module).resolve("src/main/java");
    List<String> packages;
    try (Stream<Path> files = Files.walk(sources)) {
      packages =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(file -> sources.relativize(file.getParent()).toString())
              .map(folder -> folder.replace(File.separatorChar, '.'))
              .sorted()
              .toList();
    }
    String text = Files.readString(Repository.CHECKOUT.root().resolve("CONTRIBUTING.md"));

    assertThat(packages).isNotEmpty();
    assertThat(packages)
        .allMatch(
            name ->
                text.contains("`" + name + "`")
                    || text.contains("`" + name.replace("org.dl4jx.", "…") + "`"));
  }

  @ParameterizedTest
  @CsvSource({
    "README.md, SCHEDULES",
    "README.md, UPDATERS",
    "docs/schedules.md, SCHEDULES",
    "docs/updaters.md, UPDATERS",
  })
  void documentListsAllInTheOrderOfThePackage(String document, Library library) {
    List<Table> tables =
        Repository.CHECKOUT.document(document).tables().stream()
            .filter(table -> table.names().stream().anyMatch(library.classes()::contains))
            .toList();

    assertThat(tables).as("tables of " + library + " in " + document).isNotEmpty();
    for (Table table : tables) {
      assertThat(table.names())
          .as(document + ":" + table.line())
          .containsExactlyElementsOf(library.listing());
    }
  }
}
