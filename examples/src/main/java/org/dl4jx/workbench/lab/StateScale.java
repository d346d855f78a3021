package org.dl4jx.workbench.lab;

import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * How state arrays are drawn beside the gradient: averages of squares as roots, averages corrected
 * for their start at zero, momentum without the learning rate that it contains. What is not known
 * is drawn as it is.
 */
sealed interface StateScale {
  /** The name in a picture of the array that the updater calls {@code name}. */
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
    if (updater instanceof Nesterovs) {
      // It keeps what it adds, not what it subtracts.
      return new Velocity("-", -learningRate);
    }
    return updater instanceof AveragedNesterovs ? new Velocity("", learningRate) : new AsItIs();
  }

  /** Of gradients in {@code M}, of their squares elsewhere. */
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

  /** Sums of gradients times the learning rate. */
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

  /** Of updaters that are not known here. */
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
