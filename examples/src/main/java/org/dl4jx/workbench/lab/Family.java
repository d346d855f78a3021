package org.dl4jx.workbench.lab;

import static org.dl4jx.workbench.lab.Scene.atBestRates;
import static org.dl4jx.workbench.lab.Scene.on;

import java.util.List;
import org.dl4jx.workbench.notation.NamedUpdater;

/**
 * A few updaters that differ in one thing, and the scenes that show what it does. Adding a family
 * is one entry here; its texts are claims, each with a test in {@code FamilyTest}.
 */
public enum Family {
  /** Nesterov momentum. */
  NESTEROVS(
      "nesterovs",
      "Nesterov momentum",
      "the momentum γ",
      List.of("nesterovs(momentum=0.5)", "nesterovs", "nesterovs(momentum=0.975)"),
      on(
          Signal.SPIKES,
          """
      A gradient lives on as γ, γ², … of itself. At 0.5, the spike is forgotten after about \
      ten iterations, at 0.9 after forty, at 0.975 after more than a hundred. \
      Under a constant gradient, the step grows to 1 / (1 - γ) times it: 2, 10, and 40."""),
      on(
          Signal.SQUARE,
          """
      The larger γ, the more θ overshoots: the step keeps its old sign after the gradient \
      has turned. At 0.5 it turns at once, at 0.9 after six iterations, at 0.975 after about \
      twenty, half of the wave."""),
      on(
          Signal.SINE,
          """
      A larger γ averages more of the noise away, but follows the wave later."""),
      on(
          Surface.VALLEY,
          0.003,
          """
      At 0.5, it creeps along the floor and does not arrive. 0.9 arrives. 0.975 gets to the \
      minimum first, but shoots past it and swings back and forth, so it arrives more than \
      twice as late as 0.9."""),
      on(
          Surface.LOCAL_MINIMA,
          0.03,
          """
      0.5 stays in the first hollow. 0.9 rolls through it, and ends in the lowest one. 0.975 \
      is too fast: it rolls through that as well, and stays in the hollow behind it."""),
      on(
          Surface.PLATEAU,
          1,
          """
      The start is a poor one, with a gradient of about 0.0001. With γ at 0.5, the path has \
      hardly begun when the gradients are used up. 0.9 needs about 200 of them to reach the \
      hollow, 0.975 about 110, though it shoots past it once.""")),
  /** Classical momentum. */
  MOMENTUM(
      "momentum",
      "Classical momentum",
      "the momentum γ",
      List.of(
          "nesterovs-averaged(average=start,momentum=0.5)",
          "nesterovs-averaged(average=start)",
          "nesterovs-averaged(average=start,momentum=0.975)"),
      on(
          Signal.SPIKES,
          """
      As with Nesterov momentum, a larger γ remembers a spike for longer. The peaks are \
      lower: Nesterov momentum adds a new gradient 1 + γ times, classical momentum once."""),
      on(
          Signal.SQUARE,
          """
      A larger γ overshoots more, as with Nesterov momentum. At 0.9, the turn comes an \
      iteration later than there, because the latest gradient counts less."""),
      on(
          Signal.SINE,
          """
      A larger γ is smoother and later. At equal γ, steps are smoother than those of \
      Nesterov momentum, because the latest gradient counts less."""),
      on(
          Surface.VALLEY,
          0.003,
          """
      At 0.9 and 0.975, the path swings from side to side far longer than with Nesterov \
      momentum. The gradient is taken where it is, not where it is going, so it brakes too \
      late.""")),
  /** Where momentum takes its gradient. */
  LOOK_AHEAD(
      "look-ahead",
      "Where momentum takes its gradient",
      "the points on the way ahead",
      List.of(
          "nesterovs-averaged(average=start)",
          "nesterovs",
          "nesterovs-averaged",
          "nesterovs-quarters"),
      on(
          Signal.SQUARE,
          """
      When the gradient does not depend on the place, it hardly matters where it is taken: \
      Nesterov momentum turns an iteration before classical momentum. The averaged ones take \
      three gradients per step, so they turn later."""),
      on(
          Surface.VALLEY,
          0.01,
          """
      Classical momentum swings from side to side. Nesterov momentum sees the other side \
      before it gets there, and brakes. So do the averaged ones, but with three gradients \
      per step, they arrive later."""),
      on(
          Surface.NOISY_QUADRATIC,
          0.003,
          """
      At one learning rate, the averaged ones go a third as fast and much more smoothly. \
      They end lower, because the others are shaken by the noise of single gradients.""")),
  /** Adagrad. */
  ADAGRAD(
      "adagrad",
      "Adagrad",
      "ε, which is added to the root of the sum",
      List.of("adagrad", "adagrad(epsilon=1)", "adagrad(epsilon=10)"),
      on(
          Signal.SPIKES,
          """
      √G can only grow, so steps stay small after a spike. ε counts as long as √G is small: \
      before the first spike, 1 and 10 hold the steps down. After it, 1 makes little \
      difference."""),
      on(
          Signal.SQUARE,
          """
      The first step is η / (1 + ε). Then √G grows past ε. At 1, the curve soon comes close \
      to that without ε. At 10, the step changes least; that is almost gradient descent with \
      η / 10."""),
      on(
          Surface.PLATEAU,
          1,
          """
      The gradients are tiny here. Without an ε to speak of, Adagrad divides them by their \
      own size, and arrives after a dozen steps. With 1 or 10, it divides them by ε, and \
      stays where it is.""")),
  /** Adagrad's relatives. */
  ADAGRAD_SCALINGS(
      "adagrad-scalings",
      "Adagrad's relatives",
      "what is summed up, and what it does to the step",
      List.of(
          "adagrad",
          "adagrad(accumulator=absolute-values)",
          "adagrad(scaling=inverse)",
          "adagrad(scaling=exponential)"),
      on(
          Signal.SQUARE,
          """
      The gradient is 1 or -1, so sums of squares and of absolute values are the same. The \
      inverse root makes steps fall like 1/√t, the inverse like 1/t. The exponential ends \
      them after a few iterations."""),
      on(
          Surface.VALLEY,
          0.3,
          """
      The first gradient is 80 across the valley. With absolute values, it is divided by the \
      root of 80, not by 80: the first steps leave the picture, but later ones stay longer, \
      and it arrives first. The inverse is held up by that first gradient for good, and the \
      exponential never moves.""")),
  /** RMSProp. */
  RMSPROP(
      "rmsprop",
      "RMSProp",
      "the decay γ of its average",
      List.of("rmsprop(rmsDecay=0.5)", "rmsprop(rmsDecay=0.9)", "rmsprop(rmsDecay=0.99)"),
      on(
          Signal.SPIKES,
          """
      The larger γ, the longer a spike is remembered: steps are back at η after about 15 \
      iterations at 0.5, 80 at 0.9, and 600 at 0.99."""),
      on(
          Signal.SQUARE,
          """
      G starts at 0 and is not corrected for it, so the first step is η / √(1 - γ): 1.4, \
      3.2, and 10 times η. Later, steps are η with the sign of the gradient, for all."""),
      on(
          Signal.SINE,
          """
      At 0.5, √G follows the gradients themselves, and no step is longer than 1.4 η: it is \
      almost their sign. At 0.99, √G becomes level, and steps keep the shape of the \
      gradient."""),
      on(
          Surface.ROSENBROCK,
          0.03,
          """
      With γ at 0.99, the first step is ten times η each way. After that, all follow the \
      floor of the valley at steps of about η, and none arrives. 0.9 gets farthest.""")),
  /** Sums and averages of squares. */
  FORGETTING(
      "forgetting",
      "Sums and averages of squares",
      "whether old gradients are forgotten",
      List.of("adagrad", "rmsprop", "adadelta"),
      on(
          Signal.SPIKES,
          """
      Adagrad sums up, and does not forget: after a spike, its steps stay small. RMSProp \
      averages, and is back at steps of η after about 150 iterations. Adadelta forgets the \
      spike too, but its steps are measured by earlier steps, and grow slowly."""),
      atBestRates(
          Surface.BEALE,
          """
      Adagrad's steps shrink, so its height falls steadily. RMSProp's do not, so it jumps \
      about the minimum in the end. Adadelta has only started: its steps begin at about \
      0.003."""),
      atBestRates(
          Surface.PLATEAU,
          """
      Adagrad and RMSProp divide the tiny gradients by their own size, and leave the \
      plateau. Adadelta stays, because its ε is far larger than their squares.""")),
  /** Adadelta. */
  ADADELTA(
      "adadelta",
      "Adadelta",
      "the root mean square of updates that it starts with",
      List.of("adadelta", "adadelta(initialRms=0.01)", "adadelta(initialRms=0.1)"),
      on(
          Signal.SQUARE,
          """
      Steps are measured by earlier steps. From 0, they begin at 0.003 and have not doubled \
      after 200 iterations. With 0.01 and 0.1, they begin at 0.03 and 0.3, and stay there."""),
      on(
          Signal.SPIKES,
          """
      Before the first spike, the larger start is visible. The spike takes it away: large \
      steps are forgotten while gradients are divided by its root. In the end, 0 and 0.01 \
      are alike, and all three are small."""),
      on(
          Surface.VALLEY,
          1,
          """
      From 0, Adadelta is a third of the way along when the gradients are used up. With 0.1, \
      it arrives after about 40."""),
      on(
          Surface.PLATEAU,
          1,
          """
      Gradients are tiny at this poor start. Only with 0.1 does it leave the plateau.""")),
  /** Adam and AMSGrad. */
  AMSGRAD(
      "amsgrad",
      "Adam and AMSGrad",
      "β2, and whether the average of squares may fall",
      List.of("adam(beta2=0.9)", "adam", "amsgrad(beta2=0.9)", "amsgrad"),
      on(
          Signal.SPIKES,
          """
      With β2 at 0.9, Adam recovers from a spike in less than a hundred iterations; with \
      0.999, it takes thousands. AMSGrad stays slow, because it divides by the largest V so \
      far. That is larger at 0.9, so there it is slowest."""),
      on(
          Signal.SINE,
          """
      With β2 at 0.9, √V rises and falls with the wave, which makes Adam's steps flatter on \
      top. AMSGrad with 0.9 keeps the highest √V, and its steps are the smallest. With \
      0.999, √V is level, and the two are the same."""),
      on(
          Surface.NOISY_QUADRATIC,
          0.1,
          """
      With β2 at 0.999, Adam and AMSGrad take the same path, because V hardly falls. With \
      0.9, AMSGrad's steps become shorter than Adam's, and its path ends lower.""")),
  /** Adam's relatives. */
  ADAM_RELATIVES(
      "adam-relatives",
      "Adam's relatives",
      "how Adam is changed",
      List.of("adamw", "nadamw", "radam", "adabelief"),
      on(
          Signal.SPIKES,
          """
      AdaBelief divides by how far gradients are from their average. While they are \
      constant, its steps grow to twelve times η; the spike ends that. NAdamW makes the most \
      of the spike itself. RAdam starts slowly, which is its warm-up."""),
      on(
          Signal.SQUARE,
          """
      NAdamW's first step is 1.5 η, and it turns earlier than AdamW. RAdam takes five steps \
      without a denominator, then tiny ones that grow: its warm-up. AdaBelief takes the \
      largest steps, because most gradients are close to their average."""),
      atBestRates(
          Surface.ROSENBROCK,
          """
      Each has the best of nine rates. RAdam's first five steps have no denominator, so on \
      this steep slope only a tiny rate keeps it from flying off, and it stays near the \
      start. The others get close to the minimum."""),
      on(
          Surface.PLATEAU,
          0.1,
          """
      All leave the plateau, because they divide gradients by their own size. RAdam leaves \
      last, because of its warm-up.""")),
  /** AdaBound. */
  BOUNDS(
      "bounds",
      "AdaBound",
      "how Adam turns into gradient descent",
      List.of("adamw", "adabound", "amsbound", "sgd"),
      on(
          Signal.SPIKES,
          """
      AdaBound's bounds on the rate rise towards 100 times η. So it passes a spike on, as \
      gradient descent does, and does not slow down after it as AdamW does. AMSBound is the \
      same here, because the lower bound decides for both."""),
      on(
          Surface.VALLEY,
          0.01,
          """
      At the same η, AdamW takes steps of about η, and is not even as far as gradient \
      descent when the gradients are used up. AdaBound's rate grows, so that it swings like \
      momentum, and arrives.""")),
  /** SWATS. */
  SWITCH(
      "switch",
      "SWATS",
      "the tolerance, within which its rate must meet its average",
      List.of("adamw", "swats(tolerance=1e-5)", "swats(tolerance=0.001)", "sgd"),
      on(
          Signal.SPIKES,
          """
      The gradient is constant at first, so both switch after the second step, at the rate \
      that keeps steps as they are. From then on, they are gradient descent with momentum: \
      they pass a spike on, and do not slow down after it as AdamW does."""),
      on(
          Signal.SINE,
          """
      Under noise, the rate jumps about. With 0.001, it meets its average after a few steps, \
      and SWATS switches: V only fades, and steps are larger. With 1e-5, it does not meet it \
      here, and SWATS stays Adam.""")),
  /** Lion. */
  SIGN(
      "sign",
      "Lion",
      "β2, and the sign in place of a size",
      List.of("lion(beta2=0.9)", "lion", "adamw", "sgd"),
      on(
          Signal.SQUARE,
          """
      Lion's steps are η or -η, and nothing between. With β2 at 0.9, it turns six iterations \
      after the gradient. With the usual 0.99, M is so slow that the first turn takes 18 \
      iterations, and the second, while M is still small, comes at once."""),
      on(
          Signal.SINE,
          """
      Lion makes a square wave of a noisy sine. With 0.99, M is close to 0, so single noisy \
      gradients flip the sign back and forth. With 0.9, there is one clean turn for each \
      half of the wave."""),
      on(
          Surface.VALLEY,
          0.03,
          """
      Lion's steps do not shrink with the gradient, so it does not settle. With 0.9, it goes on \
      jumping about the minimum; with 0.99, it runs past it and comes back. A falling learning \
      rate would end that. Gradient descent diverges at this rate.""")),
  /** Schedule-Free AdamW. */
  SCHEDULE_FREE(
      "schedule-free",
      "Schedule-Free AdamW",
      "β1, which draws y towards the average x",
      List.of(
          "adamw",
          "schedule-free-adamw(beta1=0.5)",
          "schedule-free-adamw",
          "schedule-free-adamw(beta1=0.98)"),
      on(
          Signal.SINE,
          """
      The black line is x, where the network is evaluated; the grey one is y, where \
      gradients are taken. Steps of x become smaller, without a schedule. They are the same \
      for every β1 here, where the gradient does not depend on the place; the larger β1, the \
      closer y stays to x."""),
      on(
          Surface.NOISY_QUADRATIC,
          0.3,
          """
      The strong lines are x, the faint ones y. AdamW keeps circling at its rate. As an \
      average, x is much calmer, and ends lower, without a schedule.""")),
  /** Lookahead. */
  LOOKAHEAD(
      "lookahead",
      "Lookahead",
      "α, how far it follows the fast weights",
      List.of("adam", "lookahead(alpha=0.2)", "lookahead", "lookahead(alpha=0.8)"),
      on(
          Signal.SINE,
          """
      The grey line is the fast weights, with a jump back after every five iterations. The \
      black line is the slow weights: their steps are α times the sum of five of Adam's, so \
      they have one shape and three sizes."""),
      on(
          Surface.NOISY_QUADRATIC,
          0.3,
          """
      The strong lines are the slow weights, the faint ones the fast weights. The smaller α, \
      the calmer the path and the lower its end, but the longer the way there."""),
      on(
          Surface.VALLEY,
          0.3,
          """
      Adam swings across the valley. The slow weights go to a point between where the fast \
      ones started and where they are, which cuts the corners. With α at 0.2, it takes \
      longest."""));

  private final String label;
  private final String title;
  private final String varies;
  private final List<NamedUpdater> members;
  private final List<Scene> scenes;

  Family(String label, String title, String varies, List<String> members, Scene... scenes) {
    this.label = label;
    this.title = title;
    this.varies = varies;
    this.members = members.stream().map(NamedUpdater::labelled).toList();
    this.scenes = List.of(scenes);
  }

  /**
   * The name on the command line.
   *
   * @return the name
   */
  public String label() {
    return label;
  }

  /**
   * The updaters, as {@code --updaters} reads them.
   *
   * @return the members, each with its settings
   */
  public List<NamedUpdater> members() {
    return members;
  }

  String title() {
    return title;
  }

  /** What its members differ in. */
  String varies() {
    return varies;
  }

  List<Scene> scenes() {
    return scenes;
  }
}
