package org.dl4jx.workbench.lab;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.ScheduleFreeAdamW;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * An updater working on a few parameters, driven as a network drives it. It runs in {@code DOUBLE},
 * because at learning rates near their limit some paths depend on the rounding of {@code FLOAT}.
 */
final class Run {
  /** State of the whole block. */
  private static final Set<String> NOT_OF_A_PARAMETER = Set.of("steps", "scalars");

  private final IUpdater config;
  private final GradientUpdater<?> updater;
  private final INDArray parameters;
  private INDArray update;
  private int iterations;

  Run(IUpdater config, double... start) {
    this.config = config;
    this.parameters = Nd4j.createFromArray(start);
    long size = config.stateSize(start.length);
    this.updater = config.instantiate(size == 0 ? null : Nd4j.zeros(DataType.DOUBLE, size), true);
  }

  /** Makes one iteration. */
  void step(double... gradient) {
    update = Nd4j.createFromArray(gradient);
    updater.applyUpdater(update, iterations, 0);
    parameters.subi(update);
    iterations++;
  }

  /** Where the next gradient is taken. */
  double[] position() {
    return parameters.toDoubleVector();
  }

  /**
   * Where the network would be evaluated: the position, except for {@link AveragedNesterovs}, whose
   * position is a probe point ahead of θ, for {@link ScheduleFreeAdamW}, whose position is y and
   * not the average x, and for {@link Lookahead}, whose position are the fast weights.
   */
  double[] theta() {
    if (config instanceof AveragedNesterovs averaged) {
      double point = averaged.getAverage().point(iterations % iterationsPerStep());
      return parameters.add(updater.getState().get("V").mul(point)).toDoubleVector();
    } else if (config instanceof ScheduleFreeAdamW free) {
      double beyond = (1 - free.getBeta1()) / free.getBeta1();
      return parameters.sub(updater.getState().get("E").mul(beyond)).toDoubleVector();
    } else if (config instanceof Lookahead) {
      return parameters.add(updater.getState().get("D")).toDoubleVector();
    }
    return position();
  }

  /** Whether gradients are taken at other points than θ. */
  boolean probes() {
    return config instanceof AveragedNesterovs averaged
            && averaged.getAverage().point(averaged.getAverage().probes() - 1) > 0
        || config instanceof ScheduleFreeAdamW
        || config instanceof Lookahead;
  }

  /** The number of iterations per step of θ. */
  int iterationsPerStep() {
    if (config instanceof AveragedNesterovs averaged) {
      return averaged.getAverage().probes();
    }
    return config instanceof Lookahead lookahead ? lookahead.getK() : 1;
  }

  /** Whether the last iteration moved θ. */
  boolean moved() {
    return iterations % iterationsPerStep() == 0;
  }

  /** The amount that the last iteration subtracted from the first parameter. */
  double update() {
    return update.getDouble(0);
  }

  /** The state of the first parameter, by name. */
  Map<String, Double> state() {
    Map<String, Double> state = new TreeMap<>();
    if (config.stateSize(1) > 0) {
      updater.getState().forEach((name, array) -> state.put(name, array.getDouble(0)));
      state
          .keySet()
          .removeIf(name -> NOT_OF_A_PARAMETER.contains(name.substring(name.lastIndexOf('.') + 1)));
    }
    return state;
  }

  int iterations() {
    return iterations;
  }
}
