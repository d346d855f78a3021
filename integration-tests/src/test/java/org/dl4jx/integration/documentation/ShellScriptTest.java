package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.dl4jx.integration.documentation.ShellScript.Command;
import org.junit.jupiter.api.Test;

class ShellScriptTest {
  private static List<List<String>> words(String text) {
    return ShellScript.commands(text).stream().map(Command::words).toList();
  }

  @Test
  void splitsWordsAsAShellDoes() {
    assertThat(words("a  b'c d'\"e \\\" f\"g \\\n h\\ i # j"))
        .containsExactly(List.of("a", "bc de \" fg", "h i"));
  }

  @Test
  void splitsCommandsAsAShellDoes() {
    assertThat(words("a; b && c | d\ne\n\n# f\nfor x in y; do g; done"))
        .containsExactly(
            List.of("a"),
            List.of("b"),
            List.of("c"),
            List.of("d"),
            List.of("e"),
            List.of("for", "x", "in", "y"),
            List.of("g"),
            List.of("done"));
  }

  @Test
  void replacesVariablesThatItHasSet() {
    assertThat(words("A='1 2' B=3\na $A \"$A $B\" '$A' ${B}4 $C"))
        .containsExactly(List.of("a", "1", "2", "1 2 3", "$A", "34", "$C"));
  }

  @Test
  void tellsTheEnvironmentOfACommand() {
    assertThat(ShellScript.commands("export A=1\nB=2\nC=3 run"))
        .singleElement()
        .extracting(Command::environment)
        .isEqualTo(Map.of("A", "1", "C", "3"));
  }

  @Test
  void tellsLinesAndArguments() {
    assertThat(ShellScript.commands("a \\\n b\n\nc \"$*\"\nd $1"))
        .extracting(Command::line, Command::dependsOnArguments)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, false),
            org.assertj.core.groups.Tuple.tuple(4, true),
            org.assertj.core.groups.Tuple.tuple(5, true));
  }

  @Test
  void refusesAQuoteWithoutEnd() {
    assertThatThrownBy(() -> words("a\nb 'c")).hasMessage("line 2: a quote without its end");
  }
}
