package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineBreaksTest {
  private static final String NOTATION = "adamw, warmup(steps=10,then=cosine(peak=0.01,total=900))";

  private static List<String> wrap(String text, int width) {
    return LineBreaks.wrap(text, width, String::length);
  }

  @Test
  void aNotationBreaksAtItsCommasAndParentheses() {
    assertThat(wrap(NOTATION, 20))
        .containsExactly(
            "adamw, warmup(", "steps=10,", "then=cosine(", "peak=0.01,", "total=900))");
  }

  @Test
  void aSentenceBreaksAtItsSpacesAlone() {
    assertThat(wrap("p (by Holm's method)", 9)).containsExactly("p (by", "Holm's", "method)");
  }

  @Test
  void aTextThatFitsIsOneLine() {
    assertThat(wrap(NOTATION, NOTATION.length())).containsExactly(NOTATION);
    assertThat(wrap("", 5)).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 19, 21, 50})
  void noLineIsWiderAndNothingIsLost(int width) {
    List<String> lines = wrap(NOTATION, width);

    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
    assertThat(String.join("", lines).replace(" ", "")).isEqualTo(NOTATION.replace(" ", ""));
  }
}
