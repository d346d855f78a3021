package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.dl4jx.workbench.lab.Surface.Point;
import org.dl4jx.workbench.lab.Surface.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SurfaceTest {
  private static final double STEP = 1e-5;

  /**
   * A central difference is wrong by the third derivative times STEP² / 6, below 1e-7 for the
   * polynomials here, and by the rounding of values up to 1e5, 1e-11, divided by STEP: 1e-6.
   */
  @ParameterizedTest
  @EnumSource
  void gradientIsThatOfTheValue(Surface surface) {
    Window window = surface.window();
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      double x = window.left() + (window.right() - window.left()) * random.nextDouble();
      double y = window.bottom() + (window.top() - window.bottom()) * random.nextDouble();
      double byX = (surface.value(x + STEP, y) - surface.value(x - STEP, y)) / (2 * STEP);
      double byY = (surface.value(x, y + STEP) - surface.value(x, y - STEP)) / (2 * STEP);

      assertThat(surface.gradient(x, y)[0]).isCloseTo(byX, within(2e-6));
      assertThat(surface.gradient(x, y)[1]).isCloseTo(byY, within(2e-6));
    }
  }

  /** 1e-12: minima are given to 15 digits, and curvatures are below 1000. */
  @ParameterizedTest
  @EnumSource
  void nothingInTheWindowIsLowerThanTheMinima(Surface surface) {
    Window window = surface.window();
    for (Point minimum : surface.minima()) {
      assertThat(surface.value(minimum.x(), minimum.y()))
          .isCloseTo(surface.lowest(), within(1e-12));
      assertThat(surface.gradient(minimum.x(), minimum.y())[0]).isCloseTo(0, within(1e-12));
      assertThat(surface.gradient(minimum.x(), minimum.y())[1]).isCloseTo(0, within(1e-12));
    }
    for (int i = 0; i <= 200; i++) {
      for (int j = 0; j <= 200; j++) {
        double x = window.left() + (window.right() - window.left()) * i / 200;
        double y = window.bottom() + (window.top() - window.bottom()) * j / 200;
        assertThat(surface.value(x, y)).isGreaterThan(surface.lowest() - 1e-12);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void startAndAMinimumAreInTheWindow(Surface surface) {
    Window window = surface.window();

    assertThat(window).satisfies(w -> contains(w, surface.start()));
    assertThat(window).satisfies(w -> contains(w, surface.minima().get(0)));
  }

  private static void contains(Window window, Point point) {
    assertThat(point.x()).isBetween(window.left(), window.right());
    assertThat(point.y()).isBetween(window.bottom(), window.top());
  }
}
