package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.dl4jx.workbench.lab.Surface.Window;
import org.junit.jupiter.api.Test;

class PictureTest {
  private static Picture picture(String title) {
    return new Picture(title, List.of(new Panel("panel", new Window(0, 1, 0, 1), 450, 150)), 1);
  }

  private static String svg(String title) {
    return new String(picture(title).svg(), StandardCharsets.UTF_8);
  }

  /** Coordinates are rounded to hundredths. */
  @Test
  void numbersInTextsAreNotRounded() {
    assertThat(svg("2.625 at 0.003")).contains(">2.625 at 0.003<");
  }

  @Test
  void aTitleThatIsTooLongHasSeveralLines() {
    String title = "0123456789 ".repeat(9).strip();

    assertThat(titleLines(title)).hasSizeGreaterThan(1);
    assertThat(String.join(" ", titleLines(title))).isEqualTo(title);
    assertThat(titleLines("0123456789")).containsExactly("0123456789");
  }

  /** The title is the only text of its size. */
  private static List<String> titleLines(String title) {
    return Pattern.compile("font-size:15px[^>]*>([^<]*)<")
        .matcher(svg(title))
        .results()
        .map(text -> text.group(1))
        .toList();
  }
}
