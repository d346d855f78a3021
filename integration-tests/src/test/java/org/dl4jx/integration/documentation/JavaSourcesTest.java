package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaSourcesTest {
  @TempDir Path folder;

  private JavaSources read(String source) throws IOException {
    Files.writeString(folder.resolve("Some.java"), source);
    return JavaSources.in(folder);
  }

  @Test
  void findsCodeWithoutTheStarsOfTheComment() throws IOException {
    JavaSources sources =
        read(
            """
            package some;

            /**
             * Some.
             *
             * <pre>
             * m ← a &lt; b
             * </pre>
             *
             * <pre>{@code
             * List<String> all;
             *
             *   all = f(new int[] {1});
             * }</pre>
             */
            public class Some {
              /**
               * A method.
               *
               * <pre>
               * {@code a(}&lt;{@literal @}{@code b);}
               * </pre>
               */
              void method() {}
            }
            """);

    assertThat(sources.examples())
        .extracting(Example::line, Example::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                11, "List<String> all;\n\n  all = f(new int[] {1});"),
            org.assertj.core.groups.Tuple.tuple(21, "a(<@b);"));
    assertThat(sources.types()).extracting(JavaSources.PublicType::examples).containsExactly(1);
  }

  @Test
  void findsWhatHasNoComment() throws IOException {
    JavaSources sources =
        read(
            """
            package some;

            /** Some. */
            public class Some<T> {
              public Some() {}
              /** Two. @return two */
              public int two(int a) { return 2; }
              /** Three. */
              protected int three() { return 3; }
              int four;
              private class Inner { public int five; }
              @Override public String toString() { return ""; }
              /** R. */
              public record R(int six) {
                public R { }
              }
              public enum E { SEVEN }
            }
            """);

    assertThat(sources.missingComments())
        .extracting(problem -> problem.replaceFirst(".*Some.java:", ""))
        .containsExactly(
            "4: no @param <T>",
            "5: no comment",
            "7: no @param a",
            "7: no @return",
            "9: no @return",
            "14: no @param six",
            "15: no comment",
            "17: no comment",
            "17: no comment");
  }

  @Test
  void findsTheClassesOfATable() throws IOException {
    JavaSources sources =
        read(
            """
            /**
             * Some.
             *
             * <table>
             *   <caption>All</caption>
             *   <tr><th>Class {@link Zero}</th><th>What</th></tr>
             *   <tr><td>{@link some.One}</td><td>like {@link some.Two}</td></tr>
             *   <tr><td>{@link some.Two} and {@link Three}</td><td>more</td></tr>
             * </table>
             */
            package some;
            """);

    assertThat(sources.listings()).hasSize(1);
    assertThat(sources.listings().get(0).packageName()).isEqualTo("some");
    assertThat(sources.listings().get(0).classes()).containsExactly("One", "Two");
  }
}
