package org.dl4jx.workbench.lab;

import java.awt.BasicStroke;
import java.awt.Color;

/**
 * Colours that colour-blind readers can tell apart (Okabe and Ito 2008), each with its own dash
 * pattern. Each line is thinner than the one before it, so that both are visible where they
 * coincide.
 */
enum Palette {
  BLUE(0x0072B2, 3.4f),
  VERMILLION(0xD55E00, 2.7f, 7, 5),
  GREEN(0x009E73, 2.2f, 2, 3),
  PURPLE(0xAA4499, 1.8f, 9, 3, 2, 3),
  ORANGE(0xE69F00, 1.6f, 4, 4),
  SKY(0x56B4E9, 1.3f),
  GREY(0x555555, 1.1f, 1, 2);

  /** For contour lines and signals, which are behind everything else. */
  static final Color BACKGROUND = new Color(0xB8B8B8);

  private final Color color;
  private final BasicStroke stroke;

  Palette(int rgb, float width, float... dashes) {
    this.color = new Color(rgb);
    this.stroke =
        new BasicStroke(
            width,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            10,
            dashes.length == 0 ? null : dashes,
            0);
  }

  /** For a line by its number; repeats after the last one. */
  static Palette of(int number) {
    return values()[number % values().length];
  }

  /** Whether so many lines, and more than one, can be told apart. */
  static boolean canTellApart(int lines) {
    return lines > 1 && lines <= values().length;
  }

  Color color() {
    return color;
  }

  BasicStroke stroke() {
    return stroke;
  }

  /** The colour of whatever accompanies a line. */
  Color faint() {
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), 70);
  }
}
