package org.dl4jx.workbench.lab;

import java.util.List;
import java.util.stream.Collectors;
import org.dl4jx.workbench.lab.Surface.Point;

/** What a few optimizers are shown on, and what to look for in that picture. */
sealed interface Scene {
  /** In the picture that {@link #arguments} draws. */
  String whatToLookFor();

  /** The end of the name of the picture's files. */
  String label();

  /** The arguments of {@code lab} that draw this scene, after those that name the optimizers. */
  String arguments();

  /** The arguments of {@code lab} that draw this scene with these optimizers. */
  default String arguments(List<Optimizer> optimizers) {
    return optimizers.stream().map(Optimizer::name).collect(Collectors.joining(","))
        + " "
        + arguments();
  }

  /** A gradient over time. */
  record OnSignal(Signal signal, String whatToLookFor) implements Scene {
    @Override
    public String label() {
      return signal.label();
    }

    @Override
    public String arguments() {
      return "--signals " + signal.label();
    }
  }

  /**
   * A surface.
   *
   * @param start where the paths start
   * @param learningRate of all; null for the best of a few, for each
   */
  record OnSurface(Surface surface, Point start, Double learningRate, String whatToLookFor)
      implements Scene {
    Trajectory trajectory(Optimizer optimizer, int steps) {
      return learningRate == null
          ? RateSearch.best(optimizer, surface, start, steps)
          : Trajectory.of(optimizer, surface, start, learningRate, steps, Trajectory.SEED);
    }

    @Override
    public String label() {
      return surface.label();
    }

    @Override
    public String arguments() {
      return "--surfaces "
          + surface.label()
          + (start.equals(surface.start()) ? "" : " --start=" + start)
          + (learningRate == null ? "" : " --learning-rate " + Trajectory.plain(learningRate));
    }
  }

  /** A signal, with the text for a family. */
  static Scene on(Signal signal, String whatToLookFor) {
    return new OnSignal(signal, whatToLookFor);
  }

  /** A surface from its usual start, where all have the same learning rate. */
  static Scene on(Surface surface, double learningRate, String whatToLookFor) {
    return new OnSurface(surface, surface.start(), learningRate, whatToLookFor);
  }

  /** A surface from another start, where all have the same learning rate. */
  static Scene on(Surface surface, Point start, double learningRate, String whatToLookFor) {
    return new OnSurface(surface, start, learningRate, whatToLookFor);
  }

  /** A surface from its usual start, where each has the best learning rate. */
  static Scene atBestRates(Surface surface, String whatToLookFor) {
    return new OnSurface(surface, surface.start(), null, whatToLookFor);
  }
}
