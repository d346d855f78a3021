package org.dl4jx.integration.documentation;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles an example in memory, and loads it beside the tests. */
final class ExampleCompiler {
  static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  /** One for all, since each reads the class path anew. */
  static final StandardJavaFileManager FILES =
      JAVAC.getStandardFileManager(null, null, StandardCharsets.UTF_8);

  private final Example example;
  private final ExampleSource source;

  ExampleCompiler(Example example) {
    this.example = example;
    this.source = ExampleSource.of(example);
  }

  /** A compiled example. */
  final class Compiled {
    private final Map<String, ByteArrayOutputStream> classes;

    private Compiled(Map<String, ByteArrayOutputStream> classes) {
      this.classes = classes;
    }

    /** Runs it; null if it is a program or a class of its own and not the body of a method. */
    ExampleContext run() {
      try {
        Class<?> type = new Loader(classes).loadClass(source.mainClass());
        if (ExampleContext.class.isAssignableFrom(type)) {
          ExampleContext context = (ExampleContext) type.getDeclaredConstructor().newInstance();
          context.run();
          return context;
        }
        if (source.hasMainMethod()) {
          type.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
        return null;
      } catch (InvocationTargetException e) {
        throw failure(e.getCause());
      } catch (Throwable e) { // An example may throw whatever it likes.
        throw failure(e);
      } finally {
        Results.end();
      }
    }
  }

  private Error failure(Throwable thrown) {
    if (thrown instanceof AssertionError comparison) {
      return comparison;
    }
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (ExampleSource.FILE.equals(element.getFileName())) {
        String place = example.place(element.getLineNumber());
        return new AssertionError(place + ": the example threw " + thrown, thrown);
      }
    }
    return new AssertionError(example.place(1) + ": the example threw " + thrown, thrown);
  }

  Compiled compile() {
    if (!source.strays().isEmpty()) {
      throw new AssertionError(String.join("\n", source.strays()));
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    boolean isCompiled =
        JAVAC
            .getTask(
                null,
                new InMemory(FILES, classes),
                diagnostics,
                List.of("-proc:none"),
                null,
                List.of(source.file()))
            .call();
    if (!isCompiled) {
      throw new AssertionError(
          diagnostics.getDiagnostics().stream()
              .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
              .map(
                  problem ->
                      example.place(problem.getLineNumber())
                          + ": "
                          + problem.getMessage(Locale.ENGLISH))
              .collect(Collectors.joining("\n")));
    }
    return new Compiled(classes);
  }

  /** Keeps the class files that javac writes. */
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:/" + className.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(className, bytes);
          return bytes;
        }
      };
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, ByteArrayOutputStream> classes;

    Loader(Map<String, ByteArrayOutputStream> classes) {
      super(ExampleCompiler.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!classes.containsKey(name)) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = classes.get(name).toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
