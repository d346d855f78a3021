package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.given;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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
 * Makes the weight decay of an updater work: lets the layers show it their weights.
 *
 * <p>Deeplearning4j shows an updater gradients but no weights, so {@code .updater(new
 * AdamWDecoupled(1e-3, 0.01))} alone could not decay anything. One call makes the pair work:
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = DecoupledDecay.attach(new NeuralNetConfiguration.Builder()
 *     .updater(new AdamWDecoupled(1e-3, 0.01))
 *     .list()
 *     ...
 *     .build());
 * }</pre>
 *
 * <h2>What decays</h2>
 *
 * <p>What Deeplearning4j counts as weights: matrices and kernels, recurrent and peephole weights,
 * embeddings, PReLU slopes, and the gains of {@code ElementWiseMultiplicationLayer}; PyTorch's
 * AdamW decays all of these too. Not biases, unless {@link DecayedParameters#WEIGHTS_AND_BIASES}
 * asks for them; never the parameters of normalizations, the visible bias of an {@code
 * AutoEncoder}, and nothing in frozen layers. A filter leaves out more, as PyTorch's parameter
 * groups or Optax's mask do:
 *
 * <pre>{@code
 * DecoupledDecay.attach(conf, (layer, parameter) -> !layer.equals("embedding"));
 * }</pre>
 *
 * <p>Its arguments are the layer's name ("layer0" and so on unless it was given one; in a graph the
 * vertex's) and the parameter's as in the layer's own table ("W", "RW", ...). In {@code
 * Bidirectional} these are the names of the layer inside, and count for both directions. {@link
 * #describe(MultiLayerNetwork) describe} lists what decays.
 *
 * <h2>Where there is l2 already</h2>
 *
 * <p>Weights that have {@code l2} or a {@code WeightDecay} would decay twice, so {@code attach}
 * refuses; with {@link ExistingDecay#REPLACE} it takes the other away. In transfer learning {@code
 * FineTuneConfiguration.Builder.l2(0)} does.
 *
 * <h2>Nothing silent</h2>
 *
 * <p>The coefficient stays in the updater; a layer only shows its weights. So the decay ends with
 * the updater that carries it, and another updater's takes its place. An updater with a decay looks
 * at each step whether all parameters were shown to it. If not, since the decay was never attached,
 * or a layer, its updater or its regularizations were replaced, it refuses the step with an {@link
 * IllegalStateException} before anything of its block has moved; attach again then. (With {@code
 * EarlyStoppingTrainer}, which catches what {@code fit} throws, look for it in the log.) SameDiff
 * keeps its updaters for good: set the {@code TrainingConfig} before the first {@code fit}.
 *
 * <p>{@code attach} may be called again at any time, and updates every layer to its updater. What
 * it does is saved and restored with the model. It changes what it is given and returns it. If it
 * throws, nothing was changed:
 *
 * <ul>
 *   <li>{@link IllegalArgumentException} if an argument is null;
 *   <li>{@link IllegalArgumentException} if weights that would decay have {@code l2} or a {@code
 *       WeightDecay} already, naming the layer;
 *   <li>{@link IllegalArgumentException} if no regularization reaches a layer's weights ({@code
 *       OCNNOutputLayer}), if a depthwise or separable convolution has another updater for its
 *       biases, which Deeplearning4j then applies to other numbers, or if a {@code TrainingConfig}
 *       maximizes.
 *   <li>{@link IllegalArgumentException} if it depends on the sizes of a layer what decays in it,
 *       and these are not known before {@code setInputType}.
 * </ul>
 *
 * <p>{@code detach} undoes it. A model without a trace of this pack, for somebody who does not have
 * it, needs another updater too: {@code detach(network, new NoOp())}. Schedules of this pack in
 * {@code IDropout} or in l1 and l2 are not looked at.
 */
public final class DecoupledDecay {
  private static final BiPredicate<String, String> ALL = (layer, parameter) -> true;

  private DecoupledDecay() {}

  /**
   * Attaches the decay.
   *
   * @param configuration the configuration of a network
   * @param options which parameters decay, and what becomes of another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
   */
  public static MultiLayerConfiguration attach(
      MultiLayerConfiguration configuration, DecayOption... options) {
    return attach(configuration, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters.
   *
   * @param configuration the configuration of a network
   * @param filter tells by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what becomes of another decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
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
   * Attaches the decay.
   *
   * @param configuration the configuration of a graph
   * @param options which parameters decay, and what becomes of another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
   */
  public static ComputationGraphConfiguration attach(
      ComputationGraphConfiguration configuration, DecayOption... options) {
    return attach(configuration, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters.
   *
   * @param configuration the configuration of a graph
   * @param filter tells by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what becomes of another decay
   * @return {@code configuration}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
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
   * Attaches the decay. The state of an updater that has trained already is kept.
   *
   * @param network the network
   * @param options which parameters decay, and what becomes of another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code network}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
   */
  public static MultiLayerNetwork attach(MultiLayerNetwork network, DecayOption... options) {
    return attach(network, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters. The state of an updater that has trained already
   * is kept.
   *
   * @param network the network
   * @param filter tells by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what becomes of another decay
   * @return {@code network}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
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
   * Attaches the decay. The state of an updater that has trained already is kept.
   *
   * @param graph the graph
   * @param options which parameters decay, and what becomes of another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code graph}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
   */
  public static ComputationGraph attach(ComputationGraph graph, DecayOption... options) {
    return attach(graph, attachment(ALL, options));
  }

  /**
   * Attaches the decay to some of the parameters. The state of an updater that has trained already
   * is kept.
   *
   * @param graph the graph
   * @param filter tells by the names of layer and parameter whether it may decay
   * @param options which parameters decay, and what becomes of another decay
   * @return {@code graph}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
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
   * Attaches the decay.
   *
   * @param config the training configuration of a SameDiff model
   * @param options which parameters decay, and what becomes of another decay; by default {@link
   *     DecayedParameters#WEIGHTS} and {@link ExistingDecay#REFUSE}
   * @return {@code config}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above
   */
  public static TrainingConfig attach(TrainingConfig config, DecayOption... options) {
    return attach(config, attachment(ALL, options));
  }

  private static TrainingConfig attach(TrainingConfig config, Attachment attachment) {
    attachTo(sites(config), attachment);
    return config;
  }

  /**
   * Attaches the decay to some variables of a SameDiff model that has its training configuration.
   *
   * @param model the model
   * @param filter tells by the name of a variable whether it may decay
   * @param options which variables decay, and what becomes of another decay
   * @return {@code model}
   * @throws IllegalArgumentException if the decay cannot be attached, as said above, or if the
   *     filter separates two variables of one length: while it trains, SameDiff tells no names
   */
  public static SameDiff attach(SameDiff model, Predicate<String> filter, DecayOption... options) {
    given("filter", filter);
    attachTo(
        Stream.of(DecaySite.of(given("model", model))),
        attachment((layer, variable) -> filter.test(variable), options));
    return model;
  }

  /**
   * Takes off what {@code attach} has put on; updaters stay. (A clone of a network shares the
   * layers inside {@code Bidirectional} and other wrappers with it: to keep a network as it is,
   * save it and detach a loaded copy.)
   *
   * @param configuration the configuration of a network
   * @return {@code configuration}
   * @throws IllegalArgumentException if it is null
   */
  public static MultiLayerConfiguration detach(MultiLayerConfiguration configuration) {
    return detachAll(configuration, null);
  }

  /**
   * Takes off what {@code attach} has put on, and puts another updater in the place of each of this
   * pack, and of each that follows a schedule of this pack, so that what is saved can be loaded
   * without it.
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
   * Takes off what {@code attach} has put on; updaters stay. (A clone of a network shares the
   * layers inside {@code Bidirectional} and other wrappers with it: to keep a network as it is,
   * save it and detach a loaded copy.)
   *
   * @param configuration the configuration of a graph
   * @return {@code configuration}
   * @throws IllegalArgumentException if it is null
   */
  public static ComputationGraphConfiguration detach(ComputationGraphConfiguration configuration) {
    return detachAll(configuration, null);
  }

  /**
   * Takes off what {@code attach} has put on, and puts another updater in the place of each of this
   * pack, and of each that follows a schedule of this pack, so that what is saved can be loaded
   * without it.
   *
   * @param configuration the configuration of a graph
   * @param replacement one of Deeplearning4j's updaters, such as {@code new NoOp()} or {@code new
   *     Adam(1e-3)}
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
   * Takes off what {@code attach} has put on; updaters stay. (A clone of a network shares the
   * layers inside {@code Bidirectional} and other wrappers with it: to keep a network as it is,
   * save it and detach a loaded copy.) The state of its updaters is kept.
   *
   * @param network the network
   * @return {@code network}
   * @throws IllegalArgumentException if it is null
   */
  public static MultiLayerNetwork detach(MultiLayerNetwork network) {
    return detachAll(network, null);
  }

  /**
   * Takes off what {@code attach} has put on, and puts another updater in the place of each of this
   * pack, and of each that follows a schedule of this pack, so that what is saved can be loaded
   * without it. Other updaters keep their state.
   *
   * @param network the network
   * @param replacement one of Deeplearning4j's updaters, such as {@code new NoOp()} or {@code new
   *     Adam(1e-3)}
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
   * Takes off what {@code attach} has put on; updaters stay. (A clone of a network shares the
   * layers inside {@code Bidirectional} and other wrappers with it: to keep a network as it is,
   * save it and detach a loaded copy.) The state of its updaters is kept.
   *
   * @param graph the graph
   * @return {@code graph}
   * @throws IllegalArgumentException if it is null
   */
  public static ComputationGraph detach(ComputationGraph graph) {
    return detachAll(graph, null);
  }

  /**
   * Takes off what {@code attach} has put on, and puts another updater in the place of each of this
   * pack, and of each that follows a schedule of this pack, so that what is saved can be loaded
   * without it. Other updaters keep their state.
   *
   * @param graph the graph
   * @param replacement one of Deeplearning4j's updaters, such as {@code new NoOp()} or {@code new
   *     Adam(1e-3)}
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
   * Takes off what {@code attach} has put on; updaters stay. (A clone of a network shares the
   * layers inside {@code Bidirectional} and other wrappers with it: to keep a network as it is,
   * save it and detach a loaded copy.)
   *
   * @param config the training configuration of a SameDiff model
   * @return {@code config}
   * @throws IllegalArgumentException if it is null
   */
  public static TrainingConfig detach(TrainingConfig config) {
    return detachAll(config, null);
  }

  /**
   * Takes off what {@code attach} has put on, and puts another updater in the place of each of this
   * pack, and of each that follows a schedule of this pack, so that what is saved can be loaded
   * without it.
   *
   * @param config the training configuration of a SameDiff model
   * @param replacement one of Deeplearning4j's updaters, such as {@code new NoOp()} or {@code new
   *     Adam(1e-3)}
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
   * Describes in readable form what decays: a line for each parameter with the names of layer and
   * parameter, and its weight decay or why it has none.
   *
   * @param configuration the configuration of a network
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(MultiLayerConfiguration configuration) {
    return table(sites(configuration));
  }

  /**
   * Describes in readable form what decays: a line for each parameter with the names of layer and
   * parameter, and its weight decay or why it has none.
   *
   * @param configuration the configuration of a graph
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(ComputationGraphConfiguration configuration) {
    return table(sites(configuration));
  }

  /**
   * Describes in readable form what decays: a line for each parameter with the names of layer and
   * parameter, and its weight decay or why it has none.
   *
   * @param network the network
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(MultiLayerNetwork network) {
    return describe(configuration(network));
  }

  /**
   * Describes in readable form what decays: a line for each parameter with the names of layer and
   * parameter, and its weight decay or why it has none.
   *
   * @param graph the graph
   * @return the table
   * @throws IllegalArgumentException if it is null
   */
  public static String describe(ComputationGraph graph) {
    return describe(configuration(graph));
  }

  /**
   * Describes in readable form what decays: a line for each parameter with the names of layer and
   * parameter, and its weight decay or why it has none.
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

  /** Checks everywhere before it changes anything. */
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
    List<NeuralNetConfiguration> layers = given("configuration", configuration).getConfs();
    return IntStream.range(0, layers.size())
        .boxed()
        .flatMap(i -> DecaySite.of(layers.get(i).getLayer(), "layer" + i));
  }

  private static Stream<DecaySite> sites(ComputationGraphConfiguration configuration) {
    return given("configuration", configuration).getVertices().entrySet().stream()
        .flatMap(vertex -> DecaySite.of(vertex.getValue(), vertex.getKey()));
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

  /** Lets the blocks of a network be cut anew, by the updaters that its layers have now. */
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

  /** Whether blocks stand at different points of the look-ahead, so that they must not merge. */
  private static boolean isOutOfStep(BaseMultiLayerUpdater<?> updaters) {
    return BlockState.of(updaters).stream()
            .filter(state -> state.updater() instanceof AveragedNesterovs)
            .map(state -> state.steps().get())
            .filter(steps -> steps > 0)
            .distinct()
            .count()
        > 1;
  }

  /** Outside of any workspace, which would take the memory of the state back. */
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
