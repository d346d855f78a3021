package org.dl4jx.workbench.lab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.dl4jx.workbench.lab.Surface.Window;

/**
 * Lines of equal value, by marching squares: where the value crosses the level between two
 * neighbours on a grid, so does the line, at the point found by linear interpolation.
 */
final class ContourLines {
  private static final int CELLS = 200;

  private final Window window;
  private final double[][] values = new double[CELLS + 1][CELLS + 1];

  ContourLines(DoubleBinaryOperator surface, Window window) {
    this.window = window;
    for (int i = 0; i <= CELLS; i++) {
      for (int j = 0; j <= CELLS; j++) {
        values[i][j] = surface.applyAsDouble(x(i), y(j));
      }
    }
  }

  /** An edge of the grid, from a point to its right or upper neighbour. */
  private record Edge(int i, int j, boolean right) {}

  private double x(double i) {
    return window.left() + (window.right() - window.left()) * i / CELLS;
  }

  private double y(double j) {
    return window.bottom() + (window.top() - window.bottom()) * j / CELLS;
  }

  double greatest() {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double[] column : values) {
      for (double value : column) {
        greatest = Math.max(greatest, value);
      }
    }
    return greatest;
  }

  /** All lines of one level. */
  List<Polyline> at(double level) {
    Map<Edge, List<Edge>> neighbours = new LinkedHashMap<>();
    for (int i = 0; i < CELLS; i++) {
      for (int j = 0; j < CELLS; j++) {
        cross(i, j, level, neighbours);
      }
    }
    List<Polyline> lines = new ArrayList<>();
    while (!neighbours.isEmpty()) {
      Deque<Edge> line = new ArrayDeque<>();
      line.add(neighbours.keySet().iterator().next());
      while (extend(line, neighbours)) {}
      lines.add(polyline(List.copyOf(line), level));
    }
    return lines;
  }

  /** Connects the crossed edges of a cell: two, or four around a saddle. */
  private void cross(int i, int j, double level, Map<Edge, List<Edge>> neighbours) {
    List<Edge> around =
        List.of(
            new Edge(i, j, true),
            new Edge(i + 1, j, false),
            new Edge(i, j + 1, true),
            new Edge(i, j, false));
    List<Edge> crossed = around.stream().filter(edge -> isCrossed(edge, level)).toList();
    if (crossed.size() == 2) {
      join(crossed.get(0), crossed.get(1), neighbours);
    } else if (crossed.size() == 4) {
      double diagonal = values[i][j] + values[i + 1][j + 1];
      double across = values[i + 1][j] + values[i][j + 1];
      // The saddle's value of the surface that is linear along the edges.
      double saddle =
          (values[i][j] * values[i + 1][j + 1] - values[i + 1][j] * values[i][j + 1])
              / (diagonal - across);
      // Either the corner at (i, j) is cut off, or the two next to it are.
      boolean cutOff = saddle >= level != values[i][j] >= level;
      join(crossed.get(0), crossed.get(cutOff ? 3 : 1), neighbours);
      join(crossed.get(2), crossed.get(cutOff ? 1 : 3), neighbours);
    }
  }

  private static void join(Edge one, Edge other, Map<Edge, List<Edge>> neighbours) {
    neighbours.computeIfAbsent(one, edge -> new ArrayList<>()).add(other);
    neighbours.computeIfAbsent(other, edge -> new ArrayList<>()).add(one);
  }

  /** Extends the line by one crossing at either end; false if there is none left. */
  private static boolean extend(Deque<Edge> line, Map<Edge, List<Edge>> neighbours) {
    Edge last = takeNeighbour(line.getLast(), neighbours);
    if (last != null) {
      line.addLast(last);
      return true;
    }
    Edge first = takeNeighbour(line.getFirst(), neighbours);
    if (first != null) {
      line.addFirst(first);
      return true;
    }
    return false;
  }

  private static Edge takeNeighbour(Edge edge, Map<Edge, List<Edge>> neighbours) {
    if (!neighbours.containsKey(edge)) {
      return null;
    }
    Edge neighbour = neighbours.get(edge).get(0);
    unjoin(edge, neighbour, neighbours);
    unjoin(neighbour, edge, neighbours);
    return neighbour;
  }

  private static void unjoin(Edge edge, Edge from, Map<Edge, List<Edge>> neighbours) {
    neighbours.get(edge).remove(from);
    if (neighbours.get(edge).isEmpty()) {
      neighbours.remove(edge);
    }
  }

  private double from(Edge edge) {
    return values[edge.i][edge.j];
  }

  private double to(Edge edge) {
    return edge.right ? values[edge.i + 1][edge.j] : values[edge.i][edge.j + 1];
  }

  private boolean isCrossed(Edge edge, double level) {
    return from(edge) >= level != to(edge) >= level;
  }

  private Polyline polyline(List<Edge> edges, double level) {
    double[] x = new double[edges.size()];
    double[] y = new double[edges.size()];
    for (int k = 0; k < x.length; k++) {
      Edge edge = edges.get(k);
      double share = (level - from(edge)) / (to(edge) - from(edge));
      x[k] = x(edge.i + (edge.right ? share : 0));
      y[k] = y(edge.j + (edge.right ? 0 : share));
    }
    return new Polyline(x, y);
  }
}
