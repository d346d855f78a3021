package org.dl4jx.examples.lab;

import org.dl4jx.updaters.AMSGradDecoupled;
import org.dl4jx.updaters.AdaBound;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.LookaheadAverage;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** The optimizers of which the texts of the page speak. */
final class Optimizers {
  static final Optimizer SGD = new Optimizer("sgd", Sgd::new);
  static final Optimizer NESTEROVS = new Optimizer("nesterovs", rate -> new Nesterovs(rate, 0.9));
  static final Optimizer AVERAGED =
      new Optimizer(
          "nesterovs-averaged", rate -> new AveragedNesterovs(rate, 0.9, LookaheadAverage.THIRDS));
  static final Optimizer ADAM = new Optimizer("adam", Adam::new);
  static final Optimizer DL4J_AMSGRAD = new Optimizer("dl4j-amsgrad", AMSGrad::new);
  static final Optimizer AMSGRAD = new Optimizer("amsgrad", rate -> new AMSGradDecoupled(rate, 0));
  static final Optimizer ADABOUND =
      new Optimizer("adabound", rate -> new AdaBound(rate, 100 * rate));

  private Optimizers() {}
}
