package org.dl4jx.integration.documentation;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** Java sources and their documentation comments, as javac reads them. */
final class JavaSources {
  private final List<Example> examples = new ArrayList<>();
  private final List<PublicType> types = new ArrayList<>();
  private final List<Listing> listings = new ArrayList<>();
  private final List<String> missingComments = new ArrayList<>();

  /**
   * A public class that is not inside another.
   *
   * @param name its full name
   * @param place its file and line
   * @param examples how many examples its class comment has
   */
  record PublicType(String name, String place, int examples) {}

  /**
   * The classes to which the first column of a table in the documentation of a package links.
   *
   * @param packageName the package
   * @param classes their simple names, in order
   */
  record Listing(String packageName, List<String> classes) {}

  /** Reads all sources of a folder. */
  static JavaSources in(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> sources =
          files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              ExampleCompiler.JAVAC.getTask(
                  null,
                  ExampleCompiler.FILES,
                  null,
                  List.of("-proc:none"),
                  null,
                  ExampleCompiler.FILES.getJavaFileObjectsFromPaths(sources));
      JavaSources read = new JavaSources();
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        read.new Scanner(trees, unit).scan(unit, null);
        MissingComments missing = new MissingComments(trees, unit);
        missing.scan(unit, null);
        read.missingComments.addAll(missing.found());
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All blocks of {@code <pre>{@code ...}</pre>}. */
  List<Example> examples() {
    return examples;
  }

  List<PublicType> types() {
    return types;
  }

  /** The tables in the documentation of packages. */
  List<Listing> listings() {
    return listings;
  }

  /** What users see and no comment describes, with its place. */
  List<String> missingComments() {
    return missingComments;
  }

  /** The file and line of an element. */
  static String place(DocTrees trees, CompilationUnitTree unit, Tree tree) {
    Path file = Path.of(unit.getSourceFile().toUri());
    long start = trees.getSourcePositions().getStartPosition(unit, tree);
    return Repository.CHECKOUT.name(file) + ":" + unit.getLineMap().getLineNumber(start);
  }

  private final class Scanner extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final CompilationUnitTree unit;

    Scanner(DocTrees trees, CompilationUnitTree unit) {
      this.trees = trees;
      this.unit = unit;
    }

    @Override
    public Void visitPackage(PackageTree tree, Void unused) {
      DocCommentTree comment = read();
      if (comment != null) {
        Tables tables = new Tables();
        tables.scan(comment, null);
        for (List<String> classes : tables.found) {
          listings.add(new Listing(unit.getPackageName().toString(), classes));
        }
      }
      return super.visitPackage(tree, unused);
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
      int before = examples.size();
      read();
      boolean isTop = getCurrentPath().getParentPath().getLeaf() == unit;
      if (isTop && tree.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        String name = unit.getPackageName() + "." + tree.getSimpleName();
        types.add(new PublicType(name, place(trees, unit, tree), examples.size() - before));
      }
      return super.visitClass(tree, unused);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
      read();
      return super.visitMethod(tree, unused);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
      read();
      return super.visitVariable(tree, unused);
    }

    private DocCommentTree read() {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        new Examples(comment).scan(comment, null);
      }
      return comment;
    }

    /** Collects the code between {@code <pre>} and {@code </pre>}. */
    private final class Examples extends DocTreeScanner<Void, Void> {
      private final DocCommentTree comment;
      private StringBuilder block;
      private boolean hasCode;
      private long start;

      Examples(DocCommentTree comment) {
        this.comment = comment;
      }

      @Override
      public Void visitStartElement(StartElementTree tree, Void unused) {
        if (tree.getName().contentEquals("pre")) {
          block = new StringBuilder();
          hasCode = false;
        }
        return null;
      }

      @Override
      public Void visitEndElement(EndElementTree tree, Void unused) {
        if (tree.getName().contentEquals("pre")) {
          if (hasCode) {
            add();
          }
          block = null;
        }
        return null;
      }

      private void add() {
        String code = block.toString();
        int blank = code.length() - code.stripLeading().length();
        int line = (int) unit.getLineMap().getLineNumber(start);
        line += (int) code.substring(0, blank).chars().filter(c -> c == '\n').count();
        int firstLine = code.lastIndexOf('\n', blank) + 1;
        Path file = Path.of(unit.getSourceFile().toUri());
        examples.add(new Example(file, line, code.substring(firstLine).stripIndent().strip()));
      }

      @Override
      public Void visitLiteral(LiteralTree tree, Void unused) {
        boolean isCode = tree.getKind() == DocTree.Kind.CODE;
        return append(tree.getBody(), tree.getBody().getBody(), isCode);
      }

      @Override
      public Void visitText(TextTree tree, Void unused) {
        return append(tree, tree.getBody(), false);
      }

      @Override
      public Void visitEntity(EntityTree tree, Void unused) {
        return append(tree, trees.getCharacters(tree), false);
      }

      private Void append(DocTree tree, String text, boolean isCode) {
        if (block != null) {
          if (block.isEmpty()) {
            start = trees.getSourcePositions().getStartPosition(unit, comment, tree);
          }
          block.append(text);
          hasCode |= isCode;
        }
        return null;
      }
    }
  }

  /** The first links of the first cells in the rows of each table. */
  private static final class Tables extends DocTreeScanner<Void, Void> {
    private final List<List<String>> found = new ArrayList<>();
    private boolean inFirstCell;
    private int cells;

    @Override
    public Void visitStartElement(StartElementTree tree, Void unused) {
      switch (tree.getName().toString()) {
        case "table" -> found.add(new ArrayList<>());
        case "tr" -> cells = 0;
        case "td" -> inFirstCell = cells++ == 0;
        default -> {}
      }
      return null;
    }

    @Override
    public Void visitEndElement(EndElementTree tree, Void unused) {
      inFirstCell &= !tree.getName().contentEquals("td");
      return null;
    }

    @Override
    public Void visitLink(LinkTree tree, Void unused) {
      if (inFirstCell) {
        String signature = tree.getReference().getSignature();
        found.get(found.size() - 1).add(signature.substring(signature.lastIndexOf('.') + 1));
        inFirstCell = false;
      }
      return null;
    }
  }
}
