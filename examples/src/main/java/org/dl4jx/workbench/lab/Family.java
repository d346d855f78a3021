package org.dl4jx.workbench.lab;

import java.util.List;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdadeltaDecoupled;
import org.dl4jx.updaters.AdagradDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Updaters that work alike and share a panel: with all in one, lines would be hard to tell apart.
 */
enum Family {
  MOMENTUM("Gradient descent, momentum"),
  AVERAGED("Averaged momentum"),
  ADAM("Adam"),
  BOUNDED("AMSGrad, AdaBound"),
  SUMS("Adagrad, Adadelta, RMSProp"),
  OTHERS("Others");

  private static final int STATE_OF_ADAM = 2;

  private static final List<Class<? extends IUpdater>> SUMS_OF_SQUARES =
      List.of(
          AdaGrad.class,
          AdaDelta.class,
          RmsProp.class,
          AdagradDecoupled.class,
          AdadeltaDecoupled.class);

  private final String title;

  Family(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Family of(IUpdater updater) {
    if (updater instanceof AveragedNesterovs) {
      return AVERAGED;
    }
    if (updater instanceof Sgd || updater instanceof Nesterovs) {
      return MOMENTUM;
    }
    if (SUMS_OF_SQUARES.stream().anyMatch(type -> type.isInstance(updater))) {
      return SUMS;
    }
    boolean adaptive =
        updater instanceof Adam
            || updater instanceof AMSGrad
            || updater instanceof AdaMax
            || updater instanceof Nadam
            || updater instanceof AdaptiveUpdater;
    if (!adaptive) {
      return OTHERS;
    }
    boolean hasMaximum = updater.stateSize(2) - updater.stateSize(1) > STATE_OF_ADAM;
    return hasMaximum || updater instanceof AdaBound ? BOUNDED : ADAM;
  }
}
