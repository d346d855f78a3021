package org.dl4jx.averaging;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.dl4jx.averaging.TrainsElsewhere.Destination;
import org.dl4jx.updaters.engine.BlockState;
import org.dl4jx.updaters.engine.BlockUpdater;
import org.dl4jx.updaters.engine.Models;
import org.dl4jx.updaters.engine.StepCount;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where to evaluate a network or graph whose parameters are elsewhere while it trains.
 *
 * <p>Where an updater wants its parameters follows from its state alone, because Deeplearning4j's
 * iteration may have been reset.
 */
public final class EvaluationPoint {
  /** What is being evaluated, and where. */
  private static final Map<Model, String> EVALUATING =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final Model model;
  private final List<Block> blocks;

  /** Where all parameters go in the end; null to leave them where their updaters want them. */
  private final INDArray target;

  private final String name;

  private EvaluationPoint(Model model, List<Block> blocks, INDArray target, String name) {
    this.model = model;
    this.blocks = blocks;
    this.target = target;
    this.name = name;
  }

  /** The parameters of an updater that keeps them elsewhere. */
  private record Block(
      Destination destination, long from, long to, StepCount steps, List<INDArray> state) {

    static Block of(BlockState state) {
      Destination destination = ((TrainsElsewhere) state.updater()).destination();
      return new Block(
          destination,
          state.from(),
          state.to(),
          state.steps(),
          destination.arrays().stream().map(state::array).toList());
    }

    void move(INDArray parameters) {
      INDArray array = state.get(0);
      parameters
          .get(NDArrayIndex.interval(from, to))
          .addi(array.mul(destination.factor().applyAsDouble(steps.get())));
    }

    void arrive() {
      destination.arrival().change(state);
    }
  }

  /**
   * Where updaters want their parameters to be evaluated.
   *
   * @param model a network or graph
   * @param which the class of the updaters whose parameters are to be moved; of all: {@link
   *     TrainsElsewhere}
   * @return the point
   * @throws IllegalArgumentException if it is neither a network nor a graph
   * @throws IllegalStateException if it is not initialized, or was trained but has no updater state
   */
  public static EvaluationPoint ofUpdaters(Model model, Class<? extends TrainsElsewhere> which) {
    return ofUpdaters(model, which, true);
  }

  /** In an iteration, the updaters are those that train; they may have skipped all steps so far. */
  static EvaluationPoint inAnIteration(Model model) {
    return ofUpdaters(model, TrainsElsewhere.class, false);
  }

  private static EvaluationPoint ofUpdaters(
      Model model, Class<? extends TrainsElsewhere> which, boolean mayHaveLostState) {
    checkInitialized(model);
    BaseMultiLayerUpdater<?> updater = Models.updaters(model);
    int iteration = BaseOptimizer.getIterationCount(model);
    // Copies of a graph have iteration 0, no matter how long it was trained.
    boolean isFresh = iteration == 0 && model instanceof MultiLayerNetwork;
    if (updater == null && !isFresh) {
      Models.layers(model).forEach(layer -> checkNotTrainedBy(which, layer));
    }
    List<Block> blocks = new ArrayList<>();
    if (updater != null) {
      Class<?> type = which;
      for (BlockState state : BlockState.of(updater)) {
        if (which.isInstance(state.updater())) {
          type = state.updater().getClass();
          blocks.add(Block.of(state));
        }
      }
      // Deeplearning4j creates a new state when anyone asks for the updater, as clone() does.
      boolean isNew = blocks.stream().allMatch(block -> block.steps.get() == 0);
      if (mayHaveLostState && iteration > 0 && isNew && !blocks.isEmpty()) {
        throw noState(type, blocks.get(0).destination);
      }
    }
    return new EvaluationPoint(model, List.copyOf(blocks), null, points(blocks));
  }

  private static String points(List<Block> blocks) {
    return blocks.isEmpty()
        ? "its own weights"
        : String.join(
            " and ", blocks.stream().map(block -> block.destination.point()).distinct().toList());
  }

  /**
   * Any parameters for a network or graph.
   *
   * @param model the network or graph
   * @param parameters as many as it has
   * @param name what they are, in messages
   * @return the point
   * @throws IllegalArgumentException if it is neither a network nor a graph, or has another number
   *     of parameters
   * @throws IllegalStateException if it is not initialized, or was trained by an updater whose
   *     parameters are elsewhere, but has no updater state
   */
  public static EvaluationPoint of(Model model, INDArray parameters, String name) {
    EvaluationPoint updaters = ofUpdaters(model, TrainsElsewhere.class);
    long length = given("parameters", parameters).length();
    check(
        length == model.params().length(),
        "the number of parameters",
        length,
        model.params().length() + ", as in the network");
    return updaters.then(parameters, name);
  }

  /** First there, which brings the state of the updaters along, and then to these parameters. */
  EvaluationPoint then(INDArray parameters, String parametersName) {
    return new EvaluationPoint(model, blocks, parameters, parametersName);
  }

  private static IllegalStateException noState(Class<?> type, Destination destination) {
    return new IllegalStateException(
        String.format(
            "the network has %1$s but not the updater state from its training, which tells how far"
                + " its parameters are from %2$s. Save and restore the updater with the model, or"
                + " call %3$s before you save it. ParallelWrapper drops the updater when a fit ends:"
                + " call getUpdater() before it, and setUpdater with that updater after it. For a"
                + " graph that was never trained, call getUpdater() first. If another updater trained"
                + " the network, its parameters are %2$s until you train further",
            type.getSimpleName(), destination.point(), destination.call()));
  }

  private static void checkNotTrainedBy(Class<?> type, Trainable layer) {
    for (String name : layer.paramTable(false).keySet()) {
      if (layer.getConfig().getUpdaterByParam(name) instanceof TrainsElsewhere updater
          && type.isInstance(updater)) {
        throw noState(updater.getClass(), updater.destination());
      }
    }
  }

  private static void checkInitialized(Model model) {
    boolean isInitialized;
    if (given("network", model) instanceof MultiLayerNetwork network) {
      isInitialized = network.isInitCalled();
    } else if (model instanceof ComputationGraph graph) {
      isInitialized = graph.getVertices() != null;
    } else {
      throw new IllegalArgumentException(
          "network must be a MultiLayerNetwork or ComputationGraph, but was a "
              + model.getClass().getName());
    }
    if (!isInitialized) {
      throw new IllegalStateException(
          "the network has no parameters before it is initialized: call init() first");
    }
  }

  private static INDArray flat(Model model) {
    INDArray parameters = model.params();
    return parameters.reshape(parameters.length());
  }

  /** Moves the parameters there. Training goes on from there. */
  public void move() {
    INDArray parameters = flat(model);
    for (Block block : blocks) {
      block.move(parameters);
      block.arrive();
    }
    if (target != null) {
      parameters.assign(target.reshape(target.length()));
    }
  }

  /**
   * The parameters where their updaters want them, while the network keeps its own.
   *
   * @return the network's own parameters if they are there already, else a copy
   */
  INDArray parameters() {
    INDArray own = flat(model);
    if (blocks.isEmpty()) {
      return own;
    }
    INDArray there = own.dup();
    blocks.forEach(block -> block.move(there));
    return there;
  }

  /**
   * Evaluates there, and then restores parameters and state, bit for bit. Steps of the updaters of
   * dl4jx are refused in the meantime.
   *
   * @param <T> type of the result
   * @param evaluation what to do there
   * @return what it returned
   * @throws IllegalStateException if it trained the network
   */
  public <T> T evaluate(Supplier<T> evaluation) {
    Before before = new Before();
    List<INDArray> copies = arrays().map(INDArray::dup).toList();
    String refusal =
        String.format(
            "the network cannot train while it is evaluated at %s; its parameters will be put back",
            name);
    String around = EVALUATING.put(model, refusal);
    List<BlockUpdater> updaters = ownUpdaters();
    List<String> refusals = updaters.stream().map(own -> own.permission().refuse(refusal)).toList();
    try {
      T result = resultThere(evaluation, before, copies);
      before.putBack(copies);
      return result;
    } finally {
      for (int i = 0; i < updaters.size(); i++) {
        updaters.get(i).permission().refuse(refusals.get(i));
      }
      if (around == null) {
        EVALUATING.remove(model);
      } else {
        EVALUATING.put(model, around);
      }
    }
  }

  /** If the evaluation fails, everything is put back. */
  private <T> T resultThere(Supplier<T> evaluation, Before before, List<INDArray> copies) {
    try {
      move();
      return evaluation.get();
    } catch (Throwable failed) { // Including undeclared checked exceptions.
      try {
        before.putBack(copies);
      } catch (IllegalStateException trained) {
        failed.addSuppressed(trained);
      }
      throw failed;
    }
  }

  /** Writes something. */
  @FunctionalInterface
  interface Writing {
    void write() throws IOException;
  }

  /**
   * Writes something there, and then restores everything, as {@link #evaluate} does.
   *
   * @throws IOException if it cannot be written
   */
  void write(Writing writing) throws IOException {
    try {
      evaluate(
          () -> {
            try {
              writing.write();
              return null;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Refuses to train a network while it is evaluated elsewhere.
   *
   * @param model the network
   * @throws IllegalStateException in that case
   */
  static void refuseTraining(Model model) {
    String refusal = EVALUATING.get(model);
    if (refusal != null) {
      throw new IllegalStateException(refusal);
    }
  }

  private List<BlockUpdater> ownUpdaters() {
    BaseMultiLayerUpdater<?> updaters = Models.updaters(model);
    return updaters == null
        ? List.of()
        : updaters.getUpdaterBlocks().stream()
            .map(UpdaterBlock::getGradientUpdater)
            .filter(BlockUpdater.class::isInstance)
            .map(BlockUpdater.class::cast)
            .toList();
  }

  private Stream<INDArray> arrays() {
    return Stream.concat(
        Stream.of(flat(model)), blocks.stream().flatMap(block -> block.state.stream()));
  }

  /** What only training changes. */
  private final class Before {
    private final Object updater = Models.updaters(model);
    private final int iteration = BaseOptimizer.getIterationCount(model);
    private final List<Long> steps = steps();

    private List<Long> steps() {
      return blocks.stream().map(block -> block.steps.get()).toList();
    }

    void putBack(List<INDArray> copies) {
      if (!blocks.isEmpty() && Models.updaters(model) != updater) {
        throw new IllegalStateException(
            String.format(
                "code that should only evaluate the network has replaced its updater, as attach and"
                    + " setLearningRate do; the network stays at %s",
                name));
      }
      int iterationNow = BaseOptimizer.getIterationCount(model);
      if (iterationNow != iteration || !steps().equals(steps)) {
        throw new IllegalStateException(
            String.format(
                "code that should only evaluate the network has trained it, from iteration %d to %d;"
                    + " its parameters and state stay as they are now",
                iteration, iterationNow));
      }
      List<INDArray> now = arrays().toList();
      for (int i = 0; i < now.size(); i++) {
        now.get(i).assign(copies.get(i));
      }
    }
  }
}
