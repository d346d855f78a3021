package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broken example fails, and the failure says where. */
class ExampleTest {
  private static Example example(String... lines) {
    return new Example(
        Repository.CHECKOUT.root().resolve("docs/some.md"), 11, String.join("\n", lines) + "\n");
  }

  private static void assertFails(Example example, String... parts) {
    assertThatThrownBy(example::run).isInstanceOf(AssertionError.class).message().contains(parts);
  }

  @Test
  void namesFileLineAndMessageOfTheCompiler() {
    assertFails(
        example("int steps = 100;", "new CosineSchedule(ScheduleType.ITERATION, 0.1, steps);"),
        "docs/some.md:12: ",
        "CosineSchedule",
        "required:");
    assertFails(example("", "import java.net.URI;", "", "URI a;", "b();"), "docs/some.md:15: ");
    assertFails(example("import org.nowhere.Thing;", "", "new Thing();"), "docs/some.md:11: ");
    assertFails(example("int steps = 100"), "docs/some.md:11: ", "';' expected");
  }

  @Test
  void namesTheLineThatThrows() {
    assertFails(
        example("int steps = 100;", "", "new DemonSchedule(ScheduleType.EPOCH, 1.5, steps);"),
        "docs/some.md:13: ",
        "initial must be in [0, 1), but was 1.5");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "Math.sqrt(4); // 2.5, `docs/some.md:11: shows 2.5, but got 2.0`",
        "double root = Math.sqrt(4); // 2.5, `docs/some.md:11: shows 2.5, but got 2.0`",
        "double root; root = Math.sqrt(4); // 2.5, `shows 2.5, but got 2.0`",
        "List.of(1); // [1.5], `shows [1.5], but got [1]`",
        "Math.sqrt(4); // true, `shows true, but got 2.0`",
        "\"a\".trim(); // \"b\", `shows \"b\", but got \"a\"`",
        "System.out.println(2); // 3, `shows 3, but got 2`",
        "System.out.println(2); // prints 3, `shows 3, but got 2`",
        "System.out.print(2); // two, `shows two, but got 2`",
        "Math.sqrt(4); // throws Exception, `shows throws Exception, but threw nothing`",
        "List.of(1).get(2); // throws Error, `but threw java.lang.IndexOutOfBoundsException`",
      })
  void failsForAWrongResult(String code, String message) {
    assertFails(example(code), message);
  }

  @Test
  void failsForAResultThatNothingCompares() {
    assertFails(
        example("if (train.hasNext()) {", "  Math.sqrt(4); // 2.0", "}"),
        "docs/some.md:12: nothing compares this result",
        "Math.sqrt(4); // 2.0");
  }

  @Test
  void failsForAWrongResultBelow() {
    assertFails(
        example(
            "for (int t = 0; t < 2; t++) {",
            "  System.out.println(t);",
            "}",
            "// prints:",
            "// 0",
            "// 2"),
        "docs/some.md:14: shows 0\n2, but got 0\n1");
  }

  @Test
  void runsWhatIsRight() {
    example(
            "import java.util.function.DoubleUnaryOperator;",
            "",
            "record Square(double side) {}",
            "DoubleUnaryOperator root = Math::sqrt;",
            "root.applyAsDouble(4); // 2.0, half of it",
            "double third = 1 / 3.; // 0.3333",
            "int days = 365; // 12 months",
            "System.out.println(third > 0); // true",
            "System.out.printf(\"%.1f %s%n\", third, new Square(2)); // prints 0.3 Square[side=2.0]",
            "List.of(1, 2).get(2); // throws IndexOutOfBoundsException",
            "network.fit(train, 1);",
            "for (String part : new String[] {\"W  \", \"b\"}) {",
            "  System.out.println(part);",
            "}",
            "// prints:",
            "// W",
            "// b")
        .run();
  }

  @Test
  void runsClassesWithAMainMethod() {
    assertFails(
        example(
            "package some.where;",
            "",
            "public class Program {",
            "  public static void main(String[] arguments) {",
            "    System.out.println(1); // 2",
            "  }",
            "}"),
        "docs/some.md:15: shows 2, but got 1");
  }

  @Test
  void givesStandardOutputBack() {
    PrintStream usual = System.out;
    example("System.out.println(1); // 1").run();
    assertFails(example("System.out.println(1); // 2"), "shows 2");

    assertThat(System.out).isSameAs(usual);
  }

  @Test
  void keepsVariablesForTheTest() {
    assertThat(example("String network = \"mine\";").run().kept("network", String.class))
        .isEqualTo("mine");
  }

  @Test
  void knowsWhatIsOnlyToBeRead() {
    assertThat(example("// not compiled: needs a GPU", "run();").whyNotCompiled())
        .contains("needs a GPU");
    assertThat(example("run(); // not compiled: needs a GPU").whyNotCompiled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.05, 0.05",
    "0.05, 0.05000000000000001",
    "0.1234, 0.12344",
    "5.0E-4, 0.0005",
    "1.000E-7, 1.0004E-7",
    "step 1: 0.5, step 1: 0.5",
  })
  void takesNumbersForEqualUpToRounding(String shown, String real) {
    assertThat(Results.agree(shown, real)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0.05, 0.0500001",
    "0.05, 0.054",
    "0.1234, 0.12346",
    "1234, 1234.4",
    "0.5, 0.5 0.6",
    "a 1, b 1",
  })
  void tellsOtherNumbersApart(String shown, String real) {
    assertThat(Results.agree(shown, real)).isFalse();
  }
}
