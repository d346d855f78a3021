package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.dl4jx.updaters.decay.Attachment;
import org.dl4jx.updaters.decay.DecaySite;
import org.dl4jx.updaters.engine.BlockState;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Makes the weight decay of an updater work, by letting the layers show it their weights.
 *
 * <p>Deeplearning4j passes updaters the gradients but not the weights, so {@code .updater(new
 * AdamWDecoupled(1e-3, 0.01))} alone cannot decay anything. One call fixes that:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AdamWDecoupled(1e-3, 0.01))
 *     .list()
 *     .layer(new DenseLayer.Builder().nIn(784).nOut(256).activation(Activation.RELU).build())
 *     .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(256).nOut(10)
 *         .activation(Activation.SOFTMAX).build())
 *     .build());
 *
 * System.out.println(DecoupledDecay.describe(conf));
 * // prints:
 * // layer   parameter  weightDecay
 * // layer0  W          0.01
 * // layer0  b          no decay: bias
 * // layer1  W          0.01
 * // layer1  b          no decay: bias
 * }</pre>
 *
 * <p>Every step then subtracts {@code η λ θ} from the weights: Loshchilov and Hutter, <a
 * href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</a> (2019),
 * algorithm 2, line 12.
 *
 * <h2>What decays</h2>
 *
 * <p>What Deeplearning4j counts as weights: matrices and kernels, recurrent and peephole weights,
 * embeddings, PReLU slopes, and the gains of {@code ElementWiseMultiplicationLayer}. PyTorch's
 * AdamW decays all of these too. Biases decay only with {@link
 * DecayedParameters#WEIGHTS_AND_BIASES}. The parameters of normalizations, the visible bias of an
 * {@code AutoEncoder}, and anything in a frozen layer never decay. A filter leaves out more, like
 * PyTorch's parameter groups or Optax's mask:
 *
 * <pre>{@code
 * DecoupledDecay.attach(network, (layer, parameter) -> !layer.equals("embedding"));
 * }</pre>
 *
 * <p>Its first argument is the name of the layer. A layer without a name is called "layer0" and so
 * on; in a graph, it has the name of its vertex. The second argument is the name of the parameter
 * in the layer's own table ("W", "RW", ...). In {@code Bidirectional}, these are the names of the
 * layer inside, and they count for both directions. {@link #describe(MultiLayerNetwork) describe}
 * lists what decays.
 *
 * <h2>If there already is l2</h2>
 *
 * <p>Weights with {@code l2} or a {@code WeightDecay} would decay twice, so {@code attach} refuses.
 * With {@link ExistingDecay#REPLACE}, it removes the other decay. In transfer learning, {@code
 * FineTuneConfiguration.Builder.l2(0)} removes l2.
 *
 * <h2>Nothing fails silently</h2>
 *
 * <p>The coefficient λ stays in the updater; a layer only shows its weights. So the decay ends with
 * the updater that carries it, and another updater brings its own. In each step, an updater with a
 * decay checks that all parameters were shown to it. They are not if the decay was never attached,
 * or if a layer, its updater or its regularizations were replaced. Then the updater throws an
 * {@link IllegalStateException} before anything in its block has moved. Attach again in that case.
 *
 * <p>{@link LAMB} and {@link Muon} look at whole parameter arrays, so they need {@code attach} even
 * without a decay. For Muon, {@code attach} also finds out which arrays are matrices.
 *
 * <p>{@code EarlyStoppingTrainer} catches what {@code fit} throws, so look for the exception in the
 * log. SameDiff keeps its updaters for good, so set the {@code TrainingConfig} before the first
 * {@code fit}.
 *
 * <p>You can call {@code attach} again at any time; it brings every layer in line with its updater.
 * Its effect is saved and restored with the model. It changes what it is given, and returns it. If
 * it throws, nothing has changed. It throws an {@link IllegalArgumentException}
 *
 * <ul>
 *   <li>if an argument is null;
 *   <li>if weights that would decay already have {@code l2} or a {@code WeightDecay}, naming the
 *       layer;
 *   <li>if no regularization reaches the weights of a layer ({@code OCNNOutputLayer});
 *   <li>if a depthwise or separable convolution has a separate updater for its biases, because
 *       Deeplearning4j then applies it to the wrong numbers;
 *   <li>if a {@code TrainingConfig} maximizes, since a decay would make the weights grow;
 *   <li>if what decays in a layer depends on its sizes, and these are unknown before {@code
 *       setInputType}.
 * </ul>
 *
 * <p>{@code detach} undoes it. {@code detach(network, new NoOp())} also replaces the updaters, so
 * the model loads without dl4jx. Schedules of dl4jx in {@code IDropout}, or in l1 and l2, stay.
 */
public final class DecoupledDecay {
  private static final BiPredicate<String, String> ALL = (layer, parameter) -> true;

  private DecoupledDecay() {}

  /**
   * Attaches the decay.
   *
   * @param configuration the configuration of a network
   * @param options which parameters decay, and what happens to another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static MultiLayerConfiguration attach(
      MultiLayerConfiguration configuration, DecayOption... options) {
    return attach(configuration, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters.
   *
   * @param configuration the configuration of a network
   * @param filter decides by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what happens to another decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static MultiLayerConfiguration attach(
      MultiLayerConfiguration configuration,
      BiPredicate<String, String> filter,
      DecayOption... options) {
    return attach(configuration, attachment(filter, options));
  }

  private static MultiLayerConfiguration attach(
      MultiLayerConfiguration configuration, Attachment attachment) {
    attachTo(sites(configuration), attachment);
    return configuration;
  }

  /**
   * Attaches the decay, like {@link #attach(MultiLayerConfiguration, DecayOption...)}.
   *
   * @param configuration the configuration of a graph
   * @param options which parameters decay, and what happens to another decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static ComputationGraphConfiguration attach(
      ComputationGraphConfiguration configuration, DecayOption... options) {
    return attach(configuration, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters.
   *
   * @param configuration the configuration of a graph
   * @param filter decides by the names of vertex and parameter whether it may decay
   * @param options which parameters decay, and what happens to another decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static ComputationGraphConfiguration attach(
      ComputationGraphConfiguration configuration,
      BiPredicate<String, String> filter,
      DecayOption... options) {
    return attach(configuration, attachment(filter, options));
  }

  private static ComputationGraphConfiguration attach(
      ComputationGraphConfiguration configuration, Attachment attachment) {
    attachTo(sites(configuration), attachment);
    return configuration;
  }

  /**
   * Attaches the decay, like {@link #attach(MultiLayerConfiguration, DecayOption...)}. An updater
   * that has already trained keeps its state.
   *
   * @param network the network
   * @param options which parameters decay, and what happens to another decay
   * @return {@code network}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static MultiLayerNetwork attach(MultiLayerNetwork network, DecayOption... options) {
    return attach(network, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters. An updater that has already trained keeps its
   * state.
   *
   * @param network the network
   * @param filter decides by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what happens to another decay
   * @return {@code network}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static MultiLayerNetwork attach(
      MultiLayerNetwork network, BiPredicate<String, String> filter, DecayOption... options) {
    return attach(network, attachment(filter, options));
  }

  private static MultiLayerNetwork attach(MultiLayerNetwork network, Attachment attachment) {
    attach(configuration(network), attachment);
    return refreshUpdater(network);
  }

  /**
   * Attaches the decay, like {@link #attach(MultiLayerConfiguration, DecayOption...)}. An updater
   * that has already trained keeps its state.
   *
   * @param graph the graph
   * @param options which parameters decay, and what happens to another decay
   * @return {@code graph}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static ComputationGraph attach(ComputationGraph graph, DecayOption... options) {
    return attach(graph, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters. An updater that has already trained keeps its
   * state.
   *
   * @param graph the graph
   * @param filter decides by the names of vertex and parameter whether it may decay
   * @param options which parameters decay, and what happens to another decay
   * @return {@code graph}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static ComputationGraph attach(
      ComputationGraph graph, BiPredicate<String, String> filter, DecayOption... options) {
    return attach(graph, attachment(filter, options));
  }

  private static ComputationGraph attach(ComputationGraph graph, Attachment attachment) {
    attach(configuration(graph), attachment);
    return refreshUpdater(graph);
  }

  /**
   * Attaches the decay, like {@link #attach(MultiLayerConfiguration, DecayOption...)}.
   *
   * @param config the training configuration of a SameDiff model
   * @param options which variables decay, and what happens to another decay
   * @return {@code config}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above
   */
  public static TrainingConfig attach(TrainingConfig config, DecayOption... options) {
    return attach(config, attachment(ALL, options));
  }

  private static TrainingConfig attach(TrainingConfig config, Attachment attachment) {
    attachTo(sites(config), attachment);
    return config;
  }

  /**
   * Attaches the decay to some variables of a SameDiff model.
   *
   * @param model the model; its training configuration must be set
   * @param filter decides by the name of a variable whether it may decay
   * @param options which variables decay, and what happens to another decay
   * @return {@code model}
   * @throws IllegalArgumentException if the decay cannot be attached, for the reasons listed above,
   *     or if the filter separates two variables of the same length, since SameDiff does not pass
   *     on names while it trains
   */
  public static SameDiff attach(SameDiff model, Predicate<String> filter, DecayOption... options) {
    given("filter", filter);
    attachTo(
        Stream.of(DecaySite.of(given("model", model))),
        attachment((layer, variable) -> filter.test(variable), options));
    return model;
  }

  /**
   * Undoes {@code attach}; the updaters stay.
   *
   * <p>A clone of a network shares the layers inside {@code Bidirectional} and other wrappers with
   * the original. To keep a network as it is, save it and detach a loaded copy.
   *
   * @param configuration the configuration of a network
   * @return {@code configuration}
   * @throws IllegalArgumentException if it is null
   */
  public static MultiLayerConfiguration detach(MultiLayerConfiguration configuration) {
    return detachAll(configuration, null);
  }

  /**
   * Undoes {@code attach} and replaces every updater that belongs to dl4jx or follows one of its
   * schedules. What is saved afterwards loads without dl4jx.
   *
   * @param configuration the configuration of a network
   * @param replacement one of Deeplearning4j's updaters, such as {@code new NoOp()} or {@code new
   *     Adam(1e-3)}
   * @return {@code configuration}
   * @throws IllegalArgumentException if an argument is null
   */
  public static MultiLayerConfiguration detach(
      MultiLayerConfiguration configuration, IUpdater replacement) {
    return detachAll(configuration, given("replacement", replacement));
  }

  private static MultiLayerConfiguration detachAll(
      MultiLayerConfiguration configuration, IUpdater replacement) {
    sites(configuration).toList().forEach(site -> site.detach(replacement));
    return configuration;
  }

  /**
   * Undoes {@code attach}, like {@link #detach(MultiLayerConfiguration)}.
   *
   * @param configuration the configuration of a graph
   * @return {@code configuration}
   * @throws IllegalArgumentException if it is null
   */
  public static ComputationGraphConfiguration detach(ComputationGraphConfiguration configuration) {
    return detachAll(configuration, null);
  }

  /**
   * Undoes {@code attach} and replaces updaters, like {@link #detach(MultiLayerConfiguration,
   * IUpdater)}.
   *
   * @param configuration the configuration of a graph
   * @param replacement one of Deeplearning4j's updaters
   * @return {@code configuration}
   * @throws IllegalArgumentException if an argument is null
   */
  public static ComputationGraphConfiguration detach(
      ComputationGraphConfiguration configuration, IUpdater replacement) {
    return detachAll(configuration, given("replacement", replacement));
  }

  private static ComputationGraphConfiguration detachAll(
      ComputationGraphConfiguration configuration, IUpdater replacement) {
    sites(configuration).toList().forEach(site -> site.detach(replacement));
    return configuration;
  }

  /**
   * Undoes {@code attach}, like {@link #detach(MultiLayerConfiguration)}. Its updaters keep their
   * state.
   *
   * @param network the network
   * @return {@code network}
   * @throws IllegalArgumentException if it is null
   */
  public static MultiLayerNetwork detach(MultiLayerNetwork network) {
    return detachAll(network, null);
  }

  /**
   * Undoes {@code attach} and replaces updaters, like {@link #detach(MultiLayerConfiguration,
   * IUpdater)}. Other updaters keep their state.
   *
   * @param network the network
   * @param replacement one of Deeplearning4j's updaters
   * @return {@code network}
   * @throws IllegalArgumentException if an argument is null
   */
  public static MultiLayerNetwork detach(MultiLayerNetwork network, IUpdater replacement) {
    return detachAll(network, given("replacement", replacement));
  }

  private static MultiLayerNetwork detachAll(MultiLayerNetwork network, IUpdater replacement) {
    detachAll(configuration(network), replacement);
    return refreshUpdater(network);
  }

  /**
   * Undoes {@code attach}, like {@link #detach(MultiLayerConfiguration)}. Its updaters keep their
   * state.
   *
   * @param graph the graph
   * @return {@code graph}
   * @throws IllegalArgumentException if it is null
   */
  public static ComputationGraph detach(ComputationGraph graph) {
    return detachAll(graph, null);
  }

  /**
   * Undoes {@code attach} and replaces updaters, like {@link #detach(MultiLayerConfiguration,
   * IUpdater)}. Other updaters keep their state.
   *
   * @param graph the graph
   * @param replacement one of Deeplearning4j's updaters
   * @return {@code graph}
   * @throws IllegalArgumentException if an argument is null
   */
  public static ComputationGraph detach(ComputationGraph graph, IUpdater replacement) {
    return detachAll(graph, given("replacement", replacement));
  }

  private static ComputationGraph detachAll(ComputationGraph graph, IUpdater replacement) {
    detachAll(configuration(graph), replacement);
    return refreshUpdater(graph);
  }

  /**
   * Undoes {@code attach}, like {@link #detach(MultiLayerConfiguration)}.
   *
   * @param config the training configuration of a SameDiff model
   * @return {@code config}
   * @throws IllegalArgumentException if it is null
   */
  public static TrainingConfig detach(TrainingConfig config) {
    return detachAll(config, null);
  }

  /**
   * Undoes {@code attach} and replaces updaters, like {@link #detach(MultiLayerConfiguration,
   * IUpdater)}.
   *
   * @param config the training configuration of a SameDiff model
   * @param replacement one of Deeplearning4j's updaters
   * @return {@code config}
   * @throws IllegalArgumentException if an argument is null
   */
  public static TrainingConfig detach(TrainingConfig config, IUpdater replacement) {
    return detachAll(config, given("replacement", replacement));
  }

  private static TrainingConfig detachAll(TrainingConfig config, IUpdater replacement) {
    sites(config).toList().forEach(site -> site.detach(replacement));
    return config;
  }

  /**
   * Lists what decays, one line per parameter: the names of layer and parameter, and the weight
   * decay or the reason why there is none.
   *
   * @param configuration the configuration of a network
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(MultiLayerConfiguration configuration) {
    return table(sites(configuration));
  }

  /**
   * Lists what decays, like {@link #describe(MultiLayerConfiguration)}.
   *
   * @param configuration the configuration of a graph
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(ComputationGraphConfiguration configuration) {
    return table(sites(configuration));
  }

  /**
   * Lists what decays, like {@link #describe(MultiLayerConfiguration)}.
   *
   * @param network the network
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(MultiLayerNetwork network) {
    return describe(configuration(network));
  }

  /**
   * Lists what decays, like {@link #describe(MultiLayerConfiguration)}.
   *
   * @param graph the graph
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(ComputationGraph graph) {
    return describe(configuration(graph));
  }

  /**
   * Lists what decays, like {@link #describe(MultiLayerConfiguration)}.
   *
   * @param config the training configuration of a SameDiff model
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(TrainingConfig config) {
    return table(sites(config));
  }

  private static String table(Stream<DecaySite> sites) {
    List<List<String>> rows =
        Stream.concat(
                Stream.of(List.of("layer", "parameter", "weightDecay")),
                sites.flatMap(site -> site.describe().stream()).distinct())
            .toList();
    int layer = width(rows, 0);
    int parameter = width(rows, 1);
    String format = "%-" + layer + "s  %-" + parameter + "s  %s";
    return rows.stream()
        .map(row -> String.format(format, row.toArray()))
        .collect(Collectors.joining("\n"));
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
  }

  /** Checks all sites before it changes any. */
  private static void attachTo(Stream<DecaySite> sites, Attachment attachment) {
    List<Runnable> changes = sites.map(site -> site.attach(attachment)).toList();
    changes.forEach(Runnable::run);
  }

  private static Attachment attachment(BiPredicate<String, String> filter, DecayOption[] options) {
    given("filter", filter);
    for (DecayOption option : given("options", options)) {
      given("options", option);
    }
    List<DecayOption> all = Arrays.asList(options);
    return new Attachment(
        all.contains(DecayedParameters.WEIGHTS_AND_BIASES),
        all.contains(ExistingDecay.REPLACE),
        filter);
  }

  private static Stream<DecaySite> sites(MultiLayerConfiguration configuration) {
    return DecaySite.of(given("configuration", configuration));
  }

  private static Stream<DecaySite> sites(ComputationGraphConfiguration configuration) {
    return DecaySite.of(given("configuration", configuration));
  }

  private static Stream<DecaySite> sites(TrainingConfig config) {
    return Stream.of(DecaySite.of(given("config", config)));
  }

  private static MultiLayerConfiguration configuration(MultiLayerNetwork network) {
    return given("network", network).getLayerWiseConfigurations();
  }

  private static ComputationGraphConfiguration configuration(ComputationGraph graph) {
    return given("graph", graph).getConfiguration();
  }

  /** Divides the parameters into blocks again, by the updaters that the layers have now. */
  private static MultiLayerNetwork refreshUpdater(MultiLayerNetwork network) {
    if (network.getUpdater(false) instanceof MultiLayerUpdater before) {
      if (isOutOfStep(before)) {
        AveragedNesterovs.settle(network);
      }
      network.setUpdater(withStateOf(before, () -> new MultiLayerUpdater(network)));
    }
    return network;
  }

  private static ComputationGraph refreshUpdater(ComputationGraph graph) {
    ComputationGraphUpdater before = graph.getUpdater(false);
    if (before != null) {
      if (isOutOfStep(before)) {
        AveragedNesterovs.settle(graph);
      }
      graph.setUpdater(withStateOf(before, () -> new ComputationGraphUpdater(graph)));
    }
    return graph;
  }

  /** Whether blocks are at different points of the look-ahead and so must not merge. */
  private static boolean isOutOfStep(BaseMultiLayerUpdater<?> updaters) {
    return BlockState.of(updaters).stream()
            .filter(state -> state.updater() instanceof AveragedNesterovs)
            .map(state -> state.steps().get())
            .filter(steps -> steps > 0)
            .distinct()
            .count()
        > 1;
  }

  /** Works outside of any workspace, which would take back the memory of the state. */
  private static <U extends BaseMultiLayerUpdater<?>> U withStateOf(U before, Supplier<U> maker) {
    MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    try {
      U after = maker.get();
      List<BlockState> states = BlockState.of(before);
      BlockState.of(after).forEach(block -> block.takeFrom(states));
      return after;
    } finally {
      outside.close();
    }
  }
}
