package org.dl4jx.workbench.lab;

import static org.dl4jx.workbench.lab.Kind.SUMS_OF_SQUARES;

import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * How state arrays are drawn next to the gradient: averages of squares as roots, averages corrected
 * for their start at zero, momentum without its factor of the learning rate. State of unknown
 * updaters is drawn as it is.
 */
sealed interface StateScale {
  /** The label of the array that the updater calls {@code name}. */
  String label(String name);

  double inUnitsOfTheGradient(String name, double value, int iterations);

  static StateScale of(IUpdater updater, double learningRate) {
    if (updater instanceof Adam adam) {
      return new Averages(adam.getBeta1(), adam.getBeta2());
    }
    if (updater instanceof AMSGrad amsGrad) {
      return new Averages(amsGrad.getBeta1(), amsGrad.getBeta2());
    }
    if (updater instanceof AdaptiveUpdater adaptive) {
      return new Averages(adaptive.getBeta1(), adaptive.getBeta2());
    }
    if (SUMS_OF_SQUARES.stream().anyMatch(type -> type.isInstance(updater))) {
      return new Squares();
    }
    if (updater instanceof ScheduleFreeAdamW free) {
      return new Mixed("E", new Averages(0, free.getBeta2()), learningRate);
    }
    if (updater instanceof Lookahead lookahead) {
      return new Mixed("D", of(lookahead.getInner(), learningRate), learningRate);
    }
    if (updater instanceof Nesterovs) {
      // It stores what it adds, not what it subtracts.
      return new Velocity("-", -learningRate);
    }
    return updater instanceof AveragedNesterovs ? new Velocity("", learningRate) : new AsItIs();
  }

  /** Averages of gradients in {@code M}, averages of their squares in all other arrays. */
  record Averages(double beta1, double beta2) implements StateScale {
    @Override
    public String label(String name) {
      return name.equals("M") ? "M" : "√" + name;
    }

    @Override
    public double inUnitsOfTheGradient(String name, double value, int iterations) {
      return name.equals("M")
          ? value / (1 - Math.pow(beta1, iterations))
          : Math.sqrt(value / (1 - Math.pow(beta2, iterations)));
    }
  }

  /** Sums or averages of squares, drawn as their roots. */
  record Squares() implements StateScale {
    @Override
    public String label(String name) {
      return "√" + name;
    }

    @Override
    public double inUnitsOfTheGradient(String name, double value, int iterations) {
      return Math.sqrt(value);
    }
  }

  /** A sum of gradients times the learning rate. */
  record Velocity(String sign, double learningRate) implements StateScale {
    @Override
    public String label(String name) {
      return sign + name + "/η";
    }

    @Override
    public double inUnitsOfTheGradient(String name, double value, int iterations) {
      return value / learningRate;
    }
  }

  /** One array of distances, whose unit is that of the parameters, and those of another scale. */
  record Mixed(String distance, StateScale others, double learningRate) implements StateScale {
    private static final String INSIDE = "inner.";

    private static String inside(String name) {
      return name.startsWith(INSIDE) ? name.substring(INSIDE.length()) : name;
    }

    @Override
    public String label(String name) {
      return name.equals(distance) ? name + "/η" : others.label(inside(name));
    }

    @Override
    public double inUnitsOfTheGradient(String name, double value, int iterations) {
      return name.equals(distance)
          ? value / learningRate
          : others.inUnitsOfTheGradient(inside(name), value, iterations);
    }
  }

  /** For unknown updaters. */
  record AsItIs() implements StateScale {
    @Override
    public String label(String name) {
      return name;
    }

    @Override
    public double inUnitsOfTheGradient(String name, double value, int iterations) {
      return value;
    }
  }
}
