package org.dl4jx.workbench.lab;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.dl4jx.workbench.lab.Panel.MarkShape;
import org.dl4jx.workbench.lab.Surface.Point;
import org.dl4jx.workbench.lab.Surface.Window;

/** Trajectories over the contour lines of their surface, one panel per family. */
final class SurfacePicture {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 390;
  private static final int LEVELS = 14;
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
        trajectories.stream()
            .collect(groupingBy(t -> t.optimizer().family(), TreeMap::new, toList()))
            .entrySet()
            .stream()
            .map(family -> picture.panel(family.getKey(), family.getValue()))
            .toList();
    return new Picture(
        surface.title() + ": " + surface.formula(), panels, Math.min(2, panels.size()));
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

  private Panel panel(Family family, List<Trajectory> trajectories) {
    Panel panel = new Panel(family.title(), window, WIDTH, HEIGHT);
    panel.line(null, contours, Palette.BACKGROUND, THIN);
    for (Point minimum : surface.minima()) {
      panel.mark(MarkShape.CROSS, minimum.x(), minimum.y(), Color.BLACK);
    }
    for (int i = 0; i < trajectories.size(); i++) {
      add(panel, trajectories.get(i), Palette.of(i));
    }
    panel.mark(MarkShape.CIRCLE, surface.start().x(), surface.start().y(), Color.BLACK);
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
