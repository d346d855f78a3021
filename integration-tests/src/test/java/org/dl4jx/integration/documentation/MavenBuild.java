package org.dl4jx.integration.documentation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the POMs of a repository declare. */
final class MavenBuild {
  private static final Pattern PLUGIN = Pattern.compile("maven-(.+)-plugin|(.+)-maven-plugin");

  private final XPath xpath = XPathFactory.newInstance().newXPath();
  private final Set<String> modules = new HashSet<>();
  private final Set<String> artifacts = new HashSet<>();
  private final Set<String> profiles = new HashSet<>();
  private final Set<String> plugins = new HashSet<>();
  private final String mainClass;

  private MavenBuild(Path root) throws Exception {
    Document parent = parse(root.resolve("pom.xml"));
    modules.addAll(all(parent, "//modules/module"));
    mainClass = xpath.evaluate("/project/properties/exec.mainClass", parent);
    List<Document> poms = new ArrayList<>(List.of(parent));
    for (String module : modules) {
      poms.add(parse(root.resolve(module).resolve("pom.xml")));
    }
    for (Document pom : poms) {
      artifacts.addAll(all(pom, "/project/artifactId"));
      profiles.addAll(all(pom, "/project/profiles/profile/id"));
      for (String plugin : all(pom, "//plugin/artifactId")) {
        Matcher name = PLUGIN.matcher(plugin);
        if (name.matches()) {
          plugins.add(name.group(1) == null ? name.group(2) : name.group(1));
        }
      }
    }
  }

  static MavenBuild of(Repository repository) {
    try {
      return new MavenBuild(repository.root());
    } catch (Exception e) {
      throw new IllegalStateException("cannot read the POMs in " + repository.root(), e);
    }
  }

  private static Document parse(Path pom) throws Exception {
    try (var in = Files.newInputStream(pom)) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }
  }

  private List<String> all(Document pom, String path) throws Exception {
    NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      values.add(nodes.item(i).getTextContent().strip());
    }
    return values;
  }

  /** Whether {@code -pl} may name it, by its folder or after a colon by its artifact. */
  boolean hasModule(String name) {
    return name.startsWith(":") ? artifacts.contains(name.substring(1)) : modules.contains(name);
  }

  boolean hasProfile(String id) {
    return profiles.contains(id);
  }

  /** Whether a plugin is called so on the command line, as {@code exec}. */
  boolean hasPlugin(String prefix) {
    return plugins.contains(prefix);
  }

  /** What {@code exec:java} runs unless it is told otherwise. */
  String mainClass() {
    return mainClass;
  }
}
