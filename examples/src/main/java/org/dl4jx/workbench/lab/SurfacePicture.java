package org.dl4jx.workbench.lab;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dl4jx.workbench.lab.Panel.MarkShape;
import org.dl4jx.workbench.lab.Surface.Point;
import org.dl4jx.workbench.lab.Surface.Window;

/**
 * Trajectories over the contour lines of their surface. Next to them are their heights over time,
 * or there is one panel for each kind of updater if there are too many for one.
 */
final class SurfacePicture {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 340;
  private static final int LEVELS = 14;

  /** How many powers of ten below the height of arrival are drawn. */
  private static final double BELOW_ARRIVAL = 2;

  /** How many above it: one more than at the start, so that what diverges leaves the picture. */
  private static final double ABOVE_ARRIVAL = 5;

  private static final BasicStroke THIN = new BasicStroke(0.8f);

  private final Surface surface;
  private final Window window;
  private final Polyline contours;

  private SurfacePicture(Surface surface) {
    this.surface = surface;
    this.window = surface.window();
    this.contours = contours();
  }

  static Picture of(Surface surface, List<Trajectory> trajectories) {
    SurfacePicture picture = new SurfacePicture(surface);
    List<Panel> panels =
        trajectories.size() <= 1 || Palette.canTellApart(trajectories.size())
            ? List.of(picture.panel("Paths", trajectories), heights(trajectories))
            : trajectories.stream()
                .collect(groupingBy(t -> t.optimizer().kind(), TreeMap::new, toList()))
                .entrySet()
                .stream()
                .map(kind -> picture.panel(kind.getKey().title(), kind.getValue()))
                .toList();
    return new Picture(surface.title() + ": " + surface.formula(), panels, 2);
  }

  private Polyline contours() {
    ContourLines lines = new ContourLines(surface::value, window);
    double height = lines.greatest() - surface.lowest();
    List<Polyline> all = new ArrayList<>();
    for (int i = 0; i < LEVELS; i++) {
      double share = Math.pow((i + 0.5) / LEVELS, surface.levelPower());
      all.addAll(lines.at(surface.lowest() + share * height));
    }
    return Polyline.joined(all);
  }

  /** The logarithms of the heights, as far as they matter. */
  private static Panel heights(List<Trajectory> trajectories) {
    double arrived = Math.log10(trajectories.get(0).arrivedBelow());
    List<double[]> all =
        trajectories.stream()
            .map(t -> Arrays.stream(t.heights()).map(Math::log10).toArray())
            .toList();
    DoubleSummaryStatistics range =
        all.stream()
            .flatMapToDouble(Arrays::stream)
            .map(v -> Math.min(Math.max(v, arrived - BELOW_ARRIVAL), arrived + ABOVE_ARRIVAL))
            .summaryStatistics();
    double bottom = Math.min(range.getMin(), arrived);
    double top = Math.max(range.getMax(), bottom + 1);
    double margin = 0.05 * (top - bottom);
    int longest = all.stream().mapToInt(heights -> heights.length).max().orElseThrow();
    Window axes = new Window(0, Math.max(1, longest), bottom - margin, top + margin);
    Panel panel = new Panel("Height, as a power of ten, over gradients", axes, WIDTH, HEIGHT);
    panel.line(
        "arrived",
        new Polyline(new double[] {0, axes.right()}, new double[] {arrived, arrived}),
        Palette.BACKGROUND,
        THIN);
    for (int i = 0; i < all.size(); i++) {
      double[] y = Arrays.stream(all.get(i)).map(v -> Math.max(v, bottom - 1)).toArray();
      double[] x = IntStream.rangeClosed(1, y.length).asDoubleStream().toArray();
      Palette palette = Palette.of(i);
      panel.line(
          trajectories.get(i).optimizer().name(),
          new Polyline(x, y),
          palette.color(),
          palette.stroke());
    }
    return panel;
  }

  private Panel panel(String title, List<Trajectory> trajectories) {
    Panel panel = new Panel(title, window, WIDTH, HEIGHT);
    panel.line(null, contours, Palette.BACKGROUND, THIN);
    for (Point minimum : surface.minima()) {
      panel.mark(MarkShape.CROSS, minimum.x(), minimum.y(), Color.BLACK);
    }
    for (int i = 0; i < trajectories.size(); i++) {
      add(panel, trajectories.get(i), Palette.of(i));
    }
    Point start = trajectories.get(0).start();
    panel.mark(MarkShape.CIRCLE, start.x(), start.y(), Color.BLACK);
    return panel;
  }

  private void add(Panel panel, Trajectory trajectory, Palette palette) {
    if (trajectory.probes()) {
      panel.line(null, within(trajectory.positions()), palette.faint(), THIN);
    }
    String diverged = trajectory.diverged() ? " diverged" : "";
    panel.line(
        trajectory.optimizer().name() + ", η " + trajectory.rate() + diverged,
        within(trajectory.path()),
        palette.color(),
        palette.stroke());
    if (!trajectory.diverged()) {
      panel.mark(MarkShape.DIAMOND, trajectory.end().x(), trajectory.end().y(), palette.color());
    }
  }

  /** With gaps for points that are so far outside the window that no line to them is visible. */
  private Polyline within(List<Point> points) {
    List<Polyline> pieces = new ArrayList<>();
    List<Point> piece = new ArrayList<>();
    for (Point point : points) {
      if (isNear(point)) {
        piece.add(point);
      } else if (!piece.isEmpty()) {
        pieces.add(line(piece));
        piece.clear();
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(line(piece));
    }
    return Polyline.joined(pieces);
  }

  private static Polyline line(List<Point> points) {
    return new Polyline(
        points.stream().mapToDouble(Point::x).toArray(),
        points.stream().mapToDouble(Point::y).toArray());
  }

  private boolean isNear(Point point) {
    double width = window.right() - window.left();
    double height = window.top() - window.bottom();
    return point.x() > window.left() - width
        && point.x() < window.right() + width
        && point.y() > window.bottom() - height
        && point.y() < window.top() + height;
  }
}
