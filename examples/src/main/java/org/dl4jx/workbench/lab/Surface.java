package org.dl4jx.workbench.lab;

import static java.lang.Math.cos;
import static java.lang.Math.sin;
import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.refusal;

import java.util.List;

/** A function of two parameters for optimizers to minimize. */
public enum Surface {
  /** Steep across, flat lengthwise. */
  VALLEY(
      "valley",
      "An elongated valley",
      "f(x, y) = ½ (x² + 100 y²)",
      (x, y) -> (x * x + 100 * y * y) / 2,
      (x, y) -> x,
      (x, y) -> 100 * y,
      new Point(-4, 0.8),
      new Window(-5, 2, -1, 1),
      List.of(new Point(0, 0)),
      3,
      0,
      """
      Plain gradient descent has to keep its learning rate below 0.02, or it would jump ever \
      higher from side to side; at such a rate, it creeps along the floor. Momentum gathers \
      speed along the floor. Adam and AMSGrad divide each coordinate by the size of its own \
      gradients, so to them the valley is almost round. It would not be if it ran \
      diagonally. Averaged momentum takes three gradients per step and has nothing to \
      average here, so it arrives three times as late as Nesterov momentum."""),
  /** A curved valley with a flat floor. */
  ROSENBROCK(
      "rosenbrock",
      "Rosenbrock's valley",
      "f(x, y) = (1 - x)² + 100 (y - x²)²",
      (x, y) -> (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
      (x, y) -> 2 * (x - 1) - 400 * x * (y - x * x),
      (x, y) -> 200 * (y - x * x),
      new Point(-1.2, 1),
      new Window(-2, 2, -1, 3),
      List.of(new Point(1, 1)),
      5,
      0,
      """
      All of them drop into the curved valley at once. After that, it matters how fast they \
      follow its flat floor. Plain gradient descent is halfway along when the gradients are \
      used up. Momentum gets farther; averaged momentum, with a third of the steps, not as \
      far; Adam and AMSGrad have arrived. The first steps of these two are wild: at their \
      best learning rate, they are about 1 in x and in y, whatever the gradient."""),
  /** Four equally deep minima. */
  HIMMELBLAU(
      "himmelblau",
      "Himmelblau's function",
      "f(x, y) = (x² + y - 11)² + (x + y² - 7)²",
      (x, y) -> (x * x + y - 11) * (x * x + y - 11) + (x + y * y - 7) * (x + y * y - 7),
      (x, y) -> 4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
      (x, y) -> 2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
      new Point(0.2, -1),
      new Window(-5, 5, -5, 5),
      List.of(
          new Point(3, 2),
          new Point(-2.8051180869527448, 3.1313125182505730),
          new Point(-3.7793102533777469, -3.2831859912861694),
          new Point(3.5844283403304917, -1.8481265269644035)),
      3,
      0,
      """
      There are four minima, and the updater decides which one is found. At the start, the \
      gradient points almost along x. Plain gradient descent, momentum and AdaBound follow \
      it. Adam and AMSGrad start with steps of the same length in x and y, and so end in \
      another minimum."""),
  /** A plateau with steep edges. */
  BEALE(
      "beale",
      "Beale's function",
      "f(x, y) = (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)²",
      (x, y) -> square(beale(x, y, 1)) + square(beale(x, y, 2)) + square(beale(x, y, 3)),
      (x, y) ->
          2 * beale(x, y, 1) * (y - 1)
              + 2 * beale(x, y, 2) * (y * y - 1)
              + 2 * beale(x, y, 3) * (y * y * y - 1),
      (x, y) ->
          2 * beale(x, y, 1) * x
              + 2 * beale(x, y, 2) * 2 * x * y
              + 2 * beale(x, y, 3) * 3 * x * y * y,
      new Point(1, 1.5),
      new Window(-0.5, 4.5, -1.5, 2),
      List.of(new Point(3, 0.5)),
      6,
      0,
      """
      The start is on a steep slope, the minimum on level ground. Plain gradient descent \
      needs a small learning rate for the slope, and then crosses the level ground slowly; \
      momentum speeds up there. Adam's steps do not depend on the slope, and take a wide \
      bend."""),
  /** A saddle between two minima. */
  SADDLE(
      "saddle",
      "A saddle",
      "f(x, y) = 10 x² - ½ y² + ¼ y⁴",
      (x, y) -> 10 * x * x - y * y / 2 + y * y * y * y / 4,
      (x, y) -> 20 * x,
      (x, y) -> y * y * y - y,
      new Point(-1.5, 0.001),
      new Window(-2, 1, -0.5, 1.5),
      List.of(new Point(0, 1), new Point(0, -1)),
      1.5,
      0,
      """
      The start is almost exactly on the line from which the surface falls to both sides, so \
      the gradient across that line is tiny. Plain gradient descent goes to the saddle and \
      hardly leaves it; momentum leaves it several times as fast. Adam and AMSGrad do not \
      even come near it: to them, a tiny gradient that always has the same sign is as good \
      as a large one."""),
  /** A bowl with many hollows. */
  LOCAL_MINIMA(
      "local-minima",
      "A landscape with local minima",
      "f(x, y) = ¼ (x² + y²) + ½ (2 - cos 3x - cos 3y)",
      (x, y) -> (x * x + y * y) / 4 + (2 - cos(3 * x) - cos(3 * y)) / 2,
      (x, y) -> x / 2 + 1.5 * sin(3 * x),
      (x, y) -> y / 2 + 1.5 * sin(3 * y),
      new Point(-3.8, 1),
      new Window(-4.5, 2.5, -3, 3),
      List.of(new Point(0, 0)),
      1.2,
      0,
      """
      Plain gradient descent stays in the first hollow it comes to. So do Adagrad, Adadelta \
      and Schedule-Free AdamW. The others roll or step through it, and get to the lowest \
      one."""),
  /** A hollow in level ground. */
  PLATEAU(
      "plateau",
      "A hollow in a plateau",
      "f(x, y) = 1 - exp(-½ (x² + y²))",
      (x, y) -> 1 - hollow(x, y),
      (x, y) -> x * hollow(x, y),
      (x, y) -> y * hollow(x, y),
      new Point(-4.3, 1.5),
      new Window(-5.5, 2.5, -2.5, 3),
      List.of(new Point(0, 0)),
      1.2,
      0,
      """
      A poor start: on level ground, with a gradient of about 0.0001. Plain gradient descent, \
      averaged momentum and Adadelta are still on the plateau in the end, at the best of the \
      learning rates. Nesterov momentum gathers speed, and arrives late. What divides \
      gradients by their own size, as Adam, Adagrad and RMSProp do, or takes their sign, as \
      Lion does, leaves at once."""),
  /** A bowl with noisy gradients. */
  NOISY_QUADRATIC(
      "noisy-quadratic",
      "A noisy quadratic",
      "f(x, y) = ½ (x² + 4 y²), with noise of standard deviation 3 added to every gradient",
      (x, y) -> (x * x + 4 * y * y) / 2,
      (x, y) -> x,
      (x, y) -> 4 * y,
      new Point(-4, 2),
      new Window(-5, 2, -1.5, 2.5),
      List.of(new Point(0, 0)),
      2,
      3,
      """
      The noise is the same for all. It shakes plain gradient descent most. Averaged \
      momentum averages three gradients per step, and takes a third of the steps at three \
      times the learning rate: its path is smoother, and where it ends depends more on the \
      noise than on the updater.""");

  /** The value at a point. */
  private interface Formula {
    double at(double x, double y);
  }

  /**
   * A value of the two parameters.
   *
   * @param x the first
   * @param y the second
   */
  public record Point(double x, double y) {
    /**
     * Reads a point.
     *
     * @param text two numbers separated by a comma
     * @return the point
     * @throws IllegalArgumentException if it is anything else
     */
    public static Point parse(String text) {
      String[] numbers = text.split(",", -1);
      try {
        if (numbers.length == 2) {
          Point point = new Point(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
          if (Double.isFinite(point.x) && Double.isFinite(point.y)) {
            return point;
          }
        }
      } catch (NumberFormatException e) {
        // As any other text.
      }
      throw new IllegalArgumentException(
          refusal("start", text, "two finite numbers, such as -4,0.8"));
    }

    @Override
    public String toString() {
      return Trajectory.plain(x) + "," + Trajectory.plain(y);
    }
  }

  /** The part of the surface that is drawn. */
  record Window(double left, double right, double bottom, double top) {
    boolean contains(Point point) {
      return point.x() >= left && point.x() <= right && point.y() >= bottom && point.y() <= top;
    }
  }

  private final String label;
  private final String title;
  private final String formula;
  private final Formula value;
  private final Formula byX;
  private final Formula byY;
  private final Point start;
  private final Window window;
  private final List<Point> minima;
  private final double levelPower;
  private final double noise;
  private final String whatToLookFor;

  Surface(
      String label,
      String title,
      String formula,
      Formula value,
      Formula byX,
      Formula byY,
      Point start,
      Window window,
      List<Point> minima,
      double levelPower,
      double noise,
      String whatToLookFor) {
    this.label = label;
    this.title = title;
    this.formula = formula;
    this.value = value;
    this.byX = byX;
    this.byY = byY;
    this.start = start;
    this.window = window;
    this.minima = minima;
    this.levelPower = levelPower;
    this.noise = noise;
    this.whatToLookFor = whatToLookFor;
  }

  private static double beale(double x, double y, int power) {
    double[] constants = {1.5, 2.25, 2.625};
    return constants[power - 1] - x + x * Math.pow(y, power);
  }

  private static double hollow(double x, double y) {
    return Math.exp(-(x * x + y * y) / 2);
  }

  private static double square(double value) {
    return value * value;
  }

  /**
   * The name on the command line.
   *
   * @return the name
   */
  public String label() {
    return label;
  }

  String title() {
    return title;
  }

  String formula() {
    return formula;
  }

  /** In the picture with all updaters, the usual steps and the usual learning rates. */
  String whatToLookFor() {
    return whatToLookFor;
  }

  double value(double x, double y) {
    return value.at(x, y);
  }

  double[] gradient(double x, double y) {
    return new double[] {byX.at(x, y), byY.at(x, y)};
  }

  /** Refuses a start that is outside the part that is drawn; null is none. */
  void checkStart(Point point) {
    check(
        point == null || window.contains(point),
        "start",
        point,
        String.format(
            "on the part of %s that is drawn, with x from %s to %s and y from %s to %s",
            label,
            Trajectory.plain(window.left),
            Trajectory.plain(window.right),
            Trajectory.plain(window.bottom),
            Trajectory.plain(window.top)));
  }

  Point start() {
    return start;
  }

  Window window() {
    return window;
  }

  /** All points with the lowest value. */
  List<Point> minima() {
    return minima;
  }

  double lowest() {
    return value(minima.get(0).x(), minima.get(0).y());
  }

  /** How much closer together the contour lines of low values are: 1 for equal distances. */
  double levelPower() {
    return levelPower;
  }

  /** The standard deviation of the noise in each coordinate of a gradient. */
  double noise() {
    return noise;
  }
}
