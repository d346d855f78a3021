package org.dl4jx.integration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dl4jx.integration.Schedules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Model files of every released version are read, and go on to the same bits. {@code mvn
 * -Pfixtures} writes those of a new version.
 */
class ModelFixturesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/models");

  /** What the models become, in the folder of each version. */
  private static final String EXPECTED = "expected.properties";

  /** By the files of each version, whatever updaters there are today. */
  static Stream<Arguments> kept() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (File version : versions()) {
      for (String name : expected(version).stringPropertyNames()) {
        all.add(Arguments.of(version, ModelFixture.named(name)));
      }
    }
    return all.stream();
  }

  private static List<File> versions() throws IOException {
    try (Stream<Path> folders = Files.list(FIXTURES)) {
      return folders.sorted().map(Path::toFile).toList();
    }
  }

  @Test
  void aVersionHasAResultForEachOfItsFiles() throws IOException {
    assertThat(versions()).isNotEmpty();
    for (File version : versions()) {
      Set<String> names = expected(version).stringPropertyNames();
      assertThat(version.list()).hasSize(names.size() + 1);
      assertThat(names).allMatch(name -> ModelFixture.named(name).file(version).isFile());
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void modelOfAnEarlierVersionGoesOnToTheSameBits(File version, ModelFixture fixture)
      throws IOException {
    double[] expected = ModelFixture.numbers(expected(version).getProperty(fixture.name()));

    double[] actual = fixture.trainOn(version);

    if (fixture.updater().equals("muon")) {
      // Its products of matrices come from a library that rounds as the processor likes: by a few
      // units in the last place, in each of the 15 products of a step, over 8 steps.
      double rounding =
          8 * 15 * 4 * (fixture.type().toString().equals("FLOAT") ? 0x1p-23 : 0x1p-52);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(rounding));
      }
    } else {
      assertThat(ModelFixture.text(actual)).isEqualTo(ModelFixture.text(expected));
    }
  }

  /** In the files, whose text names the classes of their schedules. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void everyScheduleDrivesFilesOfTheFirstVersion(String type) throws IOException {
    File version = versions().get(0);
    StringBuilder configurations = new StringBuilder();
    for (String name : expected(version).stringPropertyNames()) {
      ModelFixture fixture = ModelFixture.named(name);
      if (fixture.type().name().equals(type) && fixture.kind() != SavedModel.Kind.SAME_DIFF) {
        configurations.append(ModelArchive.read(fixture.file(version)).configuration());
      }
    }

    assertThat(Schedules.all())
        .allMatch(schedule -> configurations.indexOf(schedule.getClass().getName()) >= 0);
  }

  /** Refuses to replace those of a version that has them. */
  @Test
  @Tag("fixtures")
  void writeFixtures() throws IOException {
    Path version = FIXTURES.resolve(System.getProperty("fixtures.version"));
    Files.createDirectory(version);
    TreeMap<String, String> lines = new TreeMap<>();
    for (ModelFixture fixture : ModelFixture.all()) {
      lines.put(fixture.name(), ModelFixture.text(fixture.write(version.toFile())));
    }
    List<String> text =
        lines.entrySet().stream().map(line -> line.getKey() + "=" + line.getValue()).toList();
    Files.write(version.resolve(EXPECTED), text);
  }

  private static Properties expected(File version) throws IOException {
    Properties expected = new Properties();
    try (Reader reader = Files.newBufferedReader(version.toPath().resolve(EXPECTED))) {
      expected.load(reader);
    }
    return expected;
  }
}
