package org.dl4jx.integration.documentation;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/**
 * The source file that javac gets for an example. Lines keep their numbers.
 *
 * <p>An example is either a few statements, which become the body of {@link ExampleContext#run()},
 * or whole classes, whose {@code main} method is run. It may use {@link #IMPORTS} without importing
 * them.
 *
 * <p>Comments that show results are compared to the results if they follow a statement that is not
 * nested in another:
 *
 * <pre>
 * schedule.valueAt(5, 0); // 0.05
 * double half = schedule.valueAt(5, 0); // 0.05, half of the peak
 * System.out.println(half); // 0.05
 * System.out.printf("%.2f%n", half); // prints 0.05
 * new CosineSchedule(null, 0.1, 10, 0); // throws IllegalArgumentException: type must not be null
 * for (int t = 0; t &lt; 2; t++) {
 *   System.out.println(t);
 * }
 * // prints:
 * // 0
 * // 1
 * </pre>
 *
 * <p>A value is a number, {@code true}, {@code false}, {@code null}, quoted text, or a list in
 * brackets. After a statement that prints, any comment is a result. Elsewhere, other comments are
 * just comments.
 */
final class ExampleSource {
  /** What every example may use. */
  static final List<String> IMPORTS =
      List.of(
          "java.io.File",
          "java.util.*",
          "org.deeplearning4j.datasets.iterator.impl.*",
          "org.deeplearning4j.earlystopping.*",
          "org.deeplearning4j.earlystopping.saver.*",
          "org.deeplearning4j.earlystopping.scorecalc.*",
          "org.deeplearning4j.earlystopping.termination.*",
          "org.deeplearning4j.nn.conf.*",
          "org.deeplearning4j.nn.conf.inputs.InputType",
          "org.deeplearning4j.nn.conf.layers.*",
          "org.deeplearning4j.nn.graph.ComputationGraph",
          "org.deeplearning4j.nn.multilayer.MultiLayerNetwork",
          "org.deeplearning4j.nn.transferlearning.*",
          "org.deeplearning4j.nn.weights.WeightInit",
          "org.deeplearning4j.optimize.listeners.*",
          "org.deeplearning4j.optimize.api.InvocationType",
          "org.deeplearning4j.parallelism.ParallelWrapper",
          "org.deeplearning4j.util.ModelSerializer",
          "org.dl4jx.averaging.*",
          "org.dl4jx.listeners.*",
          "org.dl4jx.schedules.*",
          "org.dl4jx.updaters.*",
          "org.nd4j.autodiff.samediff.*",
          "org.nd4j.evaluation.classification.Evaluation",
          "org.nd4j.linalg.activations.Activation",
          "org.nd4j.linalg.api.buffer.DataType",
          "org.nd4j.linalg.api.ndarray.INDArray",
          "org.nd4j.linalg.dataset.DataSet",
          "org.nd4j.linalg.dataset.api.iterator.DataSetIterator",
          "org.nd4j.linalg.factory.Nd4j",
          "org.nd4j.linalg.learning.config.*",
          "org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction",
          "org.nd4j.linalg.schedule.*");

  /** In stack traces and in the compiler's messages. */
  static final String FILE = "DocumentationExample.java";

  private static final String CLASS = "DocumentationExample";

  private static final Pattern PACKAGE = Pattern.compile("(?m)^[ \\t]*package [^;]+;[ \\t]*$");
  private static final Pattern IMPORT = Pattern.compile("(?m)^[ \\t]*import [^;]+;[ \\t]*$");
  private static final Pattern COMMENT = Pattern.compile("\\s*//\\s*(.*)");
  private static final Pattern PRINTS = Pattern.compile("prints(?:: *| +|$)(.*)");
  private static final Pattern THROWS = Pattern.compile("throws ([A-Z].*)");
  private static final Pattern VALUE =
      Pattern.compile(
          "([-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?|[-+]?(?:NaN|Infinity)|true|false|null"
              + "|\"[^\"]*\"|\\[.*])(?:[,:;] .*| \\(.*)?");

  private final String mainClass;
  private final boolean hasMainMethod;
  private final String text;
  private final List<String> strays;

  private ExampleSource(String mainClass, boolean hasMainMethod, String text, List<String> strays) {
    this.mainClass = mainClass;
    this.hasMainMethod = hasMainMethod;
    this.text = text;
    this.strays = strays;
  }

  static ExampleSource of(Example example) {
    // Package and imports share a line with the first line of the code, so lines keep their
    // numbers.
    String imports =
        Stream.of(
                all(PACKAGE, example.code()),
                IMPORTS.stream().map(name -> "import " + name + ";"),
                all(IMPORT, example.code()))
            .flatMap(line -> line)
            .collect(Collectors.joining(" ", "", " "));
    String code = IMPORT.matcher(PACKAGE.matcher(example.code()).replaceAll("")).replaceAll("");
    Parsed classes = parse(imports + code);
    if (classes.isWellFormed && !classes.unit.getTypeDecls().isEmpty()) {
      return ofClasses(example, classes);
    }
    Parsed body =
        parse(
            imports
                + "public final class "
                + CLASS
                + " extends "
                + ExampleContext.class.getName()
                + " { public void run() throws Exception { "
                + code
                + "\n} }");
    if (!body.isWellFormed) {
      return new ExampleSource(CLASS, false, body.text, List.of());
    }
    MethodTree run = method((ClassTree) body.unit.getTypeDecls().get(0), "run");
    Comparisons comparisons = new Comparisons(example, body, run.getBody(), true);
    return new ExampleSource(CLASS, false, comparisons.text(), comparisons.strays());
  }

  private static Stream<String> all(Pattern pattern, String code) {
    return pattern.matcher(code).results().map(result -> result.group().strip());
  }

  private static ExampleSource ofClasses(Example example, Parsed classes) {
    List<ClassTree> types =
        classes.unit.getTypeDecls().stream()
            .filter(ClassTree.class::isInstance)
            .map(ClassTree.class::cast)
            .toList();
    ClassTree program =
        types.stream().filter(type -> method(type, "main") != null).findFirst().orElse(null);
    String name = (program == null ? types.get(0) : program).getSimpleName().toString();
    String folder =
        classes.unit.getPackageName() == null ? "" : classes.unit.getPackageName() + ".";
    BlockTree statements = program == null ? null : method(program, "main").getBody();
    Comparisons comparisons = new Comparisons(example, classes, statements, false);
    return new ExampleSource(
        folder + name, program != null, comparisons.text(), comparisons.strays());
  }

  private static MethodTree method(ClassTree type, String name) {
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method && method.getName().contentEquals(name)) {
        return method;
      }
    }
    return null;
  }

  /** The class that is run. */
  String mainClass() {
    return mainClass;
  }

  boolean hasMainMethod() {
    return hasMainMethod;
  }

  /** Results that are shown where nothing can compare them, each with its place. */
  List<String> strays() {
    return strays;
  }

  JavaFileObject file() {
    return file(text);
  }

  private static JavaFileObject file(String text) {
    // Any public class may be in this file, whatever its name.
    return new SimpleJavaFileObject(URI.create("memory:/" + FILE), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }

      @Override
      public boolean isNameCompatible(String simpleName, Kind kind) {
        return kind == Kind.SOURCE;
      }
    };
  }

  private record Parsed(
      String text, CompilationUnitTree unit, SourcePositions positions, boolean isWellFormed) {

    int start(Tree tree) {
      return (int) positions.getStartPosition(unit, tree);
    }

    int end(Tree tree) {
      return (int) positions.getEndPosition(unit, tree);
    }
  }

  private static Parsed parse(String text) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            ExampleCompiler.JAVAC.getTask(
                null,
                ExampleCompiler.FILES,
                problems,
                List.of("-proc:none"),
                null,
                List.of(file(text)));
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      boolean isWellFormed =
          problems.getDiagnostics().stream()
              .noneMatch(problem -> problem.getKind() == Diagnostic.Kind.ERROR);
      return new Parsed(text, unit, Trees.instance(task).getSourcePositions(), isWellFormed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the comparisons of shown results into the code. */
  private static final class Comparisons {
    private final Example example;
    private final Parsed parsed;
    private final List<String> lines;
    private final StringBuilder changed;
    private final Set<Integer> compared = new HashSet<>();

    Comparisons(Example example, Parsed parsed, BlockTree statements, boolean isBody) {
      this.example = example;
      this.parsed = parsed;
      this.lines = parsed.text.lines().toList();
      this.changed = new StringBuilder(parsed.text);
      if (statements == null) {
        return;
      }
      List<? extends StatementTree> all = statements.getStatements();
      if (isBody) {
        keep(all, parsed.end(statements) - 1);
      }
      // From the end, so that earlier positions stay valid.
      for (int i = all.size() - 1; i >= 0; i--) {
        compare(all.get(i));
      }
    }

    String text() {
      return changed.toString();
    }

    private void keep(List<? extends StatementTree> statements, int end) {
      for (StatementTree statement : statements) {
        if (statement instanceof VariableTree variable && variable.getInitializer() != null) {
          changed.insert(end, String.format("keep(\"%s\", %1$s); ", variable.getName()));
        }
      }
    }

    private void compare(StatementTree statement) {
      int end = parsed.end(statement);
      int line = (int) parsed.unit.getLineMap().getLineNumber(end);
      int endOfLine = parsed.text.indexOf('\n', end);
      String rest = parsed.text.substring(end, endOfLine < 0 ? parsed.text.length() : endOfLine);
      Matcher comment = COMMENT.matcher(rest);
      if (comment.matches()) {
        compare(statement, line, comment.group(1).strip());
      } else if (rest.isBlank() && comment(line + 1).strip().equals("prints:")) {
        comparePrinted(statement, line + 1, shownBelow(line + 1));
      }
    }

    private void compare(StatementTree statement, int line, String comment) {
      Matcher prints = PRINTS.matcher(comment);
      Matcher thrown = THROWS.matcher(comment);
      Matcher value = VALUE.matcher(comment);
      if (prints.matches()) {
        String shown = prints.group(1);
        comparePrinted(statement, line, shown.isEmpty() ? shownBelow(line) : shown);
      } else if (isPrinting(statement)) {
        comparePrinted(statement, line, comment);
      } else if (thrown.matches()) {
        around(
            statement,
            line,
            "thrown(" + placeAndText(line, thrown.group(1)) + ", () -> { ",
            " });");
      } else if (value.matches()) {
        compareValue(statement, line, value.group(1));
      }
    }

    private void compareValue(StatementTree statement, int line, String shown) {
      String call = "value(" + placeAndText(line, shown) + ", ";
      if (statement instanceof ExpressionStatementTree expression) {
        int end = parsed.end(expression.getExpression());
        changed.replace(end, parsed.end(statement), ");");
        changed.insert(parsed.start(statement), Results.class.getName() + "." + call);
        compared.add(line);
      } else if (statement instanceof VariableTree variable) {
        around(
            statement,
            line,
            null,
            " " + Results.class.getName() + "." + call + variable.getName() + ");");
      }
    }

    private void comparePrinted(StatementTree statement, int line, String shown) {
      String name = Results.class.getName();
      around(
          statement,
          line,
          "print(); ",
          " " + name + ".printed(" + placeAndText(line, shown) + ");");
    }

    private void around(StatementTree statement, int line, String before, String after) {
      changed.insert(parsed.end(statement), after);
      if (before != null) {
        changed.insert(parsed.start(statement), Results.class.getName() + "." + before);
      }
      compared.add(line);
    }

    private String placeAndText(int line, String text) {
      return literal(example.place(line)) + ", " + literal(text);
    }

    private static String literal(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static boolean isPrinting(StatementTree statement) {
      return statement instanceof ExpressionStatementTree
          && statement.toString().startsWith("System.out.print");
    }

    /** The text of a line that is only a comment, or nothing. */
    private String comment(int line) {
      if (line > lines.size()) {
        return "";
      }
      String text = lines.get(line - 1).strip();
      return text.startsWith("//") ? text.substring(2) : "";
    }

    /** The comments below a line that ends in {@code // prints:}. */
    private String shownBelow(int line) {
      List<String> shown = new ArrayList<>();
      for (int next = line + 1; !comment(next).isEmpty(); next++) {
        shown.add(comment(next).replaceFirst(" ", ""));
        compared.add(next);
      }
      return String.join("\n", shown);
    }

    List<String> strays() {
      return IntStream.rangeClosed(1, lines.size())
          .filter(line -> !compared.contains(line) && showsResult(lines.get(line - 1)))
          .mapToObj(
              line ->
                  example.place(line)
                      + ": nothing compares this result, since it does not follow a statement of"
                      + " the example's top level: "
                      + lines.get(line - 1).strip())
          .toList();
    }

    private static boolean showsResult(String line) {
      int slashes = line.lastIndexOf("// ");
      String comment = slashes < 0 ? "" : line.substring(slashes + 3).strip();
      return PRINTS.matcher(comment).matches()
          || THROWS.matcher(comment).matches()
          || VALUE.matcher(comment).matches();
    }
  }
}
