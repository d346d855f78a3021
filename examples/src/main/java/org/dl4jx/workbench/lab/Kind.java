package org.dl4jx.workbench.lab;

import java.util.List;
import org.dl4jx.updaters.AdaBeliefDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AdadeltaDecoupled;
import org.dl4jx.updaters.AdagradDecoupled;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.NAdamW;
import org.dl4jx.updaters.RAdam;
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

/** Updaters that work alike and share a panel where there are too many for one. */
enum Kind {
  MOMENTUM("Gradient descent, momentum"),
  AVERAGED("Averaged momentum"),
  ADAM("Adam"),
  RELATIVES("NAdam, RAdam, AdaBelief"),
  BOUNDED("AMSGrad, AdaBound"),
  SUMS("Adagrad, Adadelta, RMSProp"),
  OTHERS("Others");

  private static final int STATE_OF_ADAM = 2;

  /** Those whose state is nothing but sums or averages of squares. */
  static final List<Class<? extends IUpdater>> SUMS_OF_SQUARES =
      List.of(
          AdaGrad.class,
          AdaDelta.class,
          RmsProp.class,
          AdagradDecoupled.class,
          AdadeltaDecoupled.class);

  private static final List<Class<? extends IUpdater>> RELATIVES_OF_ADAM =
      List.of(Nadam.class, NAdamW.class, RAdam.class, AdaBeliefDecoupled.class);

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Kind of(IUpdater updater) {
    if (updater instanceof AveragedNesterovs) {
      return AVERAGED;
    }
    if (updater instanceof Sgd || updater instanceof Nesterovs) {
      return MOMENTUM;
    }
    if (SUMS_OF_SQUARES.stream().anyMatch(type -> type.isInstance(updater))) {
      return SUMS;
    }
    if (RELATIVES_OF_ADAM.stream().anyMatch(type -> type.isInstance(updater))) {
      return RELATIVES;
    }
    boolean adaptive =
        updater instanceof Adam
            || updater instanceof AMSGrad
            || updater instanceof AdaMax
            || updater instanceof AdaptiveUpdater;
    if (!adaptive) {
      return OTHERS;
    }
    boolean hasMaximum = updater.stateSize(2) - updater.stateSize(1) > STATE_OF_ADAM;
    return hasMaximum || updater instanceof AdaBound ? BOUNDED : ADAM;
  }
}
