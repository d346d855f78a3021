package org.dl4jx.workbench.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The response of an optimizer to a signal.
 *
 * @param states the state arrays in units of the gradient, by their labels in a picture
 * @param update what each iteration subtracts, divided by the learning rate
 * @param steps how far each step moves θ, divided by the learning rate; the same as {@code update}
 *     unless gradients are taken at other points than θ
 * @param iterationsPerStep number of iterations per step
 * @param probes whether gradients are taken at other points than θ
 */
record Response(
    Optimizer optimizer,
    Signal signal,
    Map<String, List<Double>> states,
    List<Double> update,
    List<Double> steps,
    int iterationsPerStep,
    boolean probes) {

  /** Any value will do: everything is divided by it. */
  private static final double LEARNING_RATE = 0.001;

  static Response of(Optimizer optimizer, Signal signal) {
    Run run = new Run(optimizer.at(LEARNING_RATE), 0);
    StateScale scale = StateScale.of(optimizer.at(LEARNING_RATE), LEARNING_RATE);
    Map<String, List<Double>> states = new LinkedHashMap<>();
    List<Double> update = new ArrayList<>();
    List<Double> steps = new ArrayList<>();
    double before = 0;
    for (double gradient : signal.gradients()) {
      run.step(gradient);
      run.state()
          .forEach(
              (name, value) ->
                  states
                      .computeIfAbsent(scale.label(name), label -> new ArrayList<>())
                      .add(scale.inUnitsOfTheGradient(name, value, run.iterations())));
      update.add(run.update() / LEARNING_RATE);
      if (run.moved()) {
        double theta = run.theta()[0];
        steps.add((before - theta) / LEARNING_RATE);
        before = theta;
      }
    }
    return new Response(
        optimizer, signal, states, update, steps, run.iterationsPerStep(), run.probes());
  }
}
