package org.dl4jx.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What users get: the jars as Maven packaged them, and the POMs that are published with them. */
class PublishedArtifactsIT {

  private enum Published {
    SCHEDULES("dl4jx-schedules", "org.dl4jx.schedules", WarmupCosineSchedule.class),
    UPDATERS("dl4jx-updaters", "org.dl4jx.updaters", AdamWDecoupled.class);

    private final String artifactId;
    private final String module;
    private final Class<?> content;

    Published(String artifactId, String module, Class<?> content) {
      this.artifactId = artifactId;
      this.module = module;
      this.content = content;
    }

    private Path jar() throws URISyntaxException {
      Path origin = Path.of(content.getProtectionDomain().getCodeSource().getLocation().toURI());
      assertThat(origin).as("packaged, which `mvn verify` does first").isRegularFile();
      return origin;
    }

    private String entry(String name) throws IOException, URISyntaxException {
      try (JarFile jar = new JarFile(jar().toFile());
          InputStream in = jar.getInputStream(jar.getEntry(name))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    private ModuleDescriptor descriptor() throws URISyntaxException {
      return ModuleFinder.of(jar()).findAll().iterator().next().descriptor();
    }
  }

  @ParameterizedTest
  @EnumSource
  void haveStableModuleNames(Published published) throws Exception {
    assertThat(published.descriptor().name()).isEqualTo(published.module);
  }

  @Test
  void shareNoPackage() throws Exception {
    assertThat(Published.SCHEDULES.descriptor().packages())
        .contains("org.dl4jx.schedules")
        .doesNotContainAnyElementsOf(Published.UPDATERS.descriptor().packages());
  }

  @ParameterizedTest
  @EnumSource
  void carryTheLicense(Published published) throws Exception {
    assertThat(published.entry("META-INF/LICENSE"))
        .isEqualTo(Files.readString(Path.of("../LICENSE")));
  }

  @ParameterizedTest
  @EnumSource
  void carryTheNoticeWithoutTheDataOfTheExamples(Published published) throws Exception {
    assertThat(published.entry("META-INF/NOTICE").lines())
        .isEqualTo(Files.readAllLines(Path.of("../NOTICE")).subList(0, 2));
  }

  @ParameterizedTest
  @EnumSource
  void comeWithSourcesAndJavadoc(Published published) throws Exception {
    String jar = published.jar().toString();

    assertThat(Path.of(jar.replaceFirst("\\.jar$", "-sources.jar"))).isRegularFile();
    assertThat(Path.of(jar.replaceFirst("\\.jar$", "-javadoc.jar"))).isRegularFile();
  }

  @Test
  void bringNothingButEachOther() throws Exception {
    assertThat(dependenciesOf(Published.SCHEDULES)).isEmpty();
    assertThat(dependenciesOf(Published.UPDATERS)).containsExactly("dl4jx-schedules");
  }

  /** Those that Maven passes on to users. */
  private static List<String> dependenciesOf(Published published) throws Exception {
    return values(
        published.entry("META-INF/maven/org.dl4jx/" + published.artifactId + "/pom.xml"),
        "/project/dependencies/dependency[not(scope = 'provided' or scope = 'test')]/artifactId");
  }

  @Test
  void areWhatTheBomManages() throws Exception {
    String bom =
        Files.readString(
            Path.of("../bom", System.getProperty("build.folder"), ".flattened-pom.xml"));

    assertThat(values(bom, "/project/parent")).isEmpty();
    assertThat(values(bom, "//dependency/artifactId"))
        .containsExactlyInAnyOrderElementsOf(deployedJars());
    assertThat(values(bom, "//dependency/version")).containsOnly("${project.version}");
  }

  private static List<String> deployedJars() throws Exception {
    List<String> deployed = new ArrayList<>();
    for (String module :
        values(Files.readString(Path.of("../pom.xml")), "/project/modules/module")) {
      String pom = Files.readString(Path.of("..", module, "pom.xml"));
      boolean isJar = values(pom, "/project/packaging[. != 'jar']").isEmpty();
      boolean isDeployed =
          values(pom, "/project/properties/maven.deploy.skip[. = 'true']").isEmpty();
      if (isJar && isDeployed) {
        deployed.addAll(values(pom, "/project/artifactId"));
      }
    }
    return deployed;
  }

  private static List<String> values(String xml, String path) throws Exception {
    // An XPath over the text itself would know namespaces, and find no name without a prefix.
    Document document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    NodeList nodes =
        (NodeList)
            XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      values.add(nodes.item(i).getTextContent());
    }
    return values;
  }
}
