package org.dl4jx.workbench.lab;

import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.adam.AdaptiveUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Updaters that work alike and share a panel: with all in one, lines would be hard to tell apart.
 */
enum Family {
  MOMENTUM("Gradient descent, momentum"),
  AVERAGED("Averaged momentum"),
  ADAM("Adam"),
  BOUNDED("AMSGrad, AdaBound"),
  OTHERS("Others");

  private static final int STATE_OF_ADAM = 2;

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
    boolean adaptive =
        updater instanceof Adam || updater instanceof AMSGrad || updater instanceof AdaptiveUpdater;
    if (!adaptive) {
      return OTHERS;
    }
    boolean hasMaximum = updater.stateSize(2) - updater.stateSize(1) > STATE_OF_ADAM;
    return hasMaximum || updater instanceof AdaBound ? BOUNDED : ADAM;
  }
}
