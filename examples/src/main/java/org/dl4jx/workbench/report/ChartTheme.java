package org.dl4jx.workbench.report;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;

/** The colours of a chart, which readers with any kind of colour vision can tell apart. */
public enum ChartTheme {
  /** Dark on white, in the colours of Okabe and Ito except yellow, which is too faint on white. */
  LIGHT(
      0xffffff, 0x1b1f24, 0xd0d7de, 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00,
      0x000000),
  /** Light on near-black, in brighter tones of the same colours. */
  DARK(
      0x14181d, 0xe6edf3, 0x3a424c, 0x4f9fe6, 0xf0b429, 0x2cc79c, 0xe59bc6, 0xaadcff, 0xff8a4c,
      0xffffff);

  private final Color ground;
  private final Color text;
  private final Color line;
  private final List<Color> series;

  ChartTheme(int ground, int text, int line, int... series) {
    this.ground = new Color(ground);
    this.text = new Color(text);
    this.line = new Color(line);
    this.series = Arrays.stream(series).mapToObj(Color::new).toList();
  }

  Color ground() {
    return ground;
  }

  Color text() {
    return text;
  }

  Color line() {
    return line;
  }

  /** The colour of a series. After {@link #colours()} of them, they repeat. */
  Color series(int number) {
    return series.get(number % colours());
  }

  static int colours() {
    return LIGHT.series.size();
  }
}
