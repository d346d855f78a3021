package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jx.updaters.LayerRecipe.OfBiases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Every layer of Deeplearning4j with parameters takes a step with a gradient of zero. Whatever
 * decays is then smaller by η λ θ, and nothing else has changed by a single bit.
 */
class DecayInEveryLayerTest {
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = LayerRecipe.UPDATER.getWeightDecay();
  private static final double DECAY_OF_BIASES = 20;

  private static IUpdater adamW() {
    return new AdamWDecoupled(LEARNING_RATE, DECAY);
  }

  /** A new class in a new version of Deeplearning4j fails this test until it has a recipe. */
  @Test
  void everyLayerWithParametersHasARecipe() throws Exception {
    Set<Class<?>> tried =
        LayerRecipe.all()
            .map(recipe -> recipe.layer().get())
            .flatMap(DecayInEveryLayerTest::classes)
            .collect(Collectors.toSet());

    Set<String> missing = new TreeSet<>();
    for (Class<?> c : layersOfDeeplearning4j()) {
      if (!tried.contains(c) && !hasNoParameters(c)) {
        missing.add(c.getName());
      }
    }

    assertThat(missing).isEmpty();
    assertThat(layersOfDeeplearning4j()).hasSizeGreaterThan(80);
  }

  private static Stream<Class<?>> classes(Object layer) {
    return layer instanceof FrozenVertex frozen
        ? Stream.of(FrozenVertex.class, frozen.getUnderlying().getClass())
        : Stream.of(layer.getClass());
  }

  private static List<Class<?>> layersOfDeeplearning4j() throws Exception {
    var source = Layer.class.getProtectionDomain().getCodeSource().getLocation();
    List<Class<?>> found = new ArrayList<>();
    try (JarFile jar = new JarFile(new File(source.toURI()))) {
      for (String entry : jar.stream().map(e -> e.getName()).toList()) {
        if (entry.startsWith("org/deeplearning4j/nn/conf/") && entry.endsWith(".class")) {
          String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
          Class<?> c = Class.forName(name, false, Layer.class.getClassLoader());
          boolean isLayer =
              Layer.class.isAssignableFrom(c) || GraphVertex.class.isAssignableFrom(c);
          if (isLayer && !Modifier.isAbstract(c.getModifiers())) {
            found.add(c);
          }
        }
      }
    }
    return found;
  }

  private static boolean hasNoParameters(Class<?> c) throws Exception {
    Constructor<?> constructor =
        Stream.of(c.getDeclaredConstructors())
            .min(Comparator.comparing(Constructor::getParameterCount))
            .orElseThrow();
    constructor.setAccessible(true);
    Object layer =
        constructor.newInstance(
            Stream.of(constructor.getParameterTypes())
                .map(type -> type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null)
                .toArray());
    return layer instanceof Layer l
        ? l.initializer().paramKeys(l).isEmpty()
        : ((GraphVertex) layer).numParams(false) == 0;
  }

  private static ComputationGraph initialized(ComputationGraphConfiguration conf) {
    ComputationGraph graph = new ComputationGraph(conf);
    graph.init();
    Networks.spread(graph);
    return graph;
  }

  private static Map<String, Double> decays(String prefix, List<String> names, double decay) {
    Map<String, Double> decays = new TreeMap<>();
    names.forEach(name -> decays.put(prefix + name, decay));
    return decays;
  }

  private static Map<String, Double> decays(LayerRecipe recipe, String prefix, double ofBiases) {
    Map<String, Double> decays = decays(prefix, recipe.weights(), DECAY);
    decays.putAll(decays(prefix, recipe.biases(), ofBiases));
    decays.putAll(decays(prefix, recipe.others(), 0));
    return decays;
  }

  private static Map<String, Double> decaysInGraph(LayerRecipe recipe, double ofBiases) {
    Map<String, Double> decays = decays(recipe, "it_", ofBiases);
    for (String neighbour : List.of("first_", "last_")) {
      decays.putAll(decays(neighbour, List.of("W"), DECAY));
      decays.putAll(decays(neighbour, List.of("b"), ofBiases));
    }
    return decays;
  }

  /** A parameter is rounded in the update and in the subtraction, by half an ulp each. */
  private static void assertDecayed(
      Map<String, INDArray> before, Model model, Map<String, Double> decays) {
    Map<String, INDArray> after = model.paramTable();
    assertThat(after.keySet()).isEqualTo(decays.keySet());
    double ulp = model.params().dataType() == DataType.DOUBLE ? 0x1p-52 : 0x1p-23;
    decays.forEach(
        (name, decay) -> {
          double[] from = before.get(name).ravel().toDoubleVector();
          double[] to = after.get(name).ravel().toDoubleVector();
          for (int i = 0; i < from.length; i++) {
            double expected = from[i] * (1 - LEARNING_RATE * decay);
            double tolerance = decay == 0 ? 0 : 2 * ulp * from[i];
            assertThat(Math.abs(to[i] - expected))
                .as("%s[%d] was %s and became %s", name, i, from[i], to[i])
                .isLessThanOrEqualTo(tolerance);
          }
        });
  }

  private static void assertRefused(String reason, ComputationGraphConfiguration conf) {
    String before = conf.toJson();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DecoupledDecay.attach(conf, DecayedParameters.WEIGHTS_AND_BIASES))
        .withMessageContaining("layer \"it\"")
        .withMessageContaining(reason);
    assertThat(conf.toJson()).isEqualTo(before);
  }

  private static void assertDecays(
      LayerRecipe recipe, DataType type, DecayedParameters parameters) {
    ComputationGraphConfiguration conf = recipe.graph(Networks.with(adamW()).dataType(type));
    if (recipe.isRefused()) {
      assertRefused(recipe.refusal(), conf);
      return;
    }
    ComputationGraph graph = initialized(DecoupledDecay.attach(conf, parameters));
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    boolean biasesToo = parameters == DecayedParameters.WEIGHTS_AND_BIASES;
    assertDecayed(before, graph, decaysInGraph(recipe, biasesToo ? DECAY : 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void weightsDecay(LayerRecipe recipe) {
    assertDecays(recipe, DataType.FLOAT, DecayedParameters.WEIGHTS);
    assertDecays(recipe, DataType.DOUBLE, DecayedParameters.WEIGHTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void weightsAndBiasesDecay(LayerRecipe recipe) {
    assertDecays(recipe, DataType.FLOAT, DecayedParameters.WEIGHTS_AND_BIASES);
    assertDecays(recipe, DataType.DOUBLE, DecayedParameters.WEIGHTS_AND_BIASES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void decaysIfAttachedToTheNetwork(LayerRecipe recipe) {
    ComputationGraph graph = initialized(recipe.graph(Networks.with(adamW())));
    Map<String, INDArray> before = Networks.copyOf(graph);
    if (recipe.isRefused()) {
      assertThatIllegalArgumentException().isThrownBy(() -> DecoupledDecay.attach(graph));
      return;
    }
    DecoupledDecay.attach(graph);

    Networks.stepWithoutGradient(graph);

    assertDecayed(before, graph, decaysInGraph(recipe, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void decaysAfterJson(LayerRecipe recipe) {
    // Deeplearning4j reads useLogStd(false) as true, as if it were missing.
    if (recipe.isRefused() || recipe.others().contains("var")) {
      return;
    }
    ComputationGraphConfiguration conf =
        DecoupledDecay.attach(recipe.graph(Networks.with(adamW())));
    ComputationGraphConfiguration restored = ComputationGraphConfiguration.fromJson(conf.toJson());
    ComputationGraph graph = initialized(restored);
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    assertDecayed(before, graph, decaysInGraph(recipe, 0));
  }

  private static Stream<LayerRecipe> recipes() {
    return LayerRecipe.all();
  }

  private static Stream<LayerRecipe> layers() {
    return recipes().filter(recipe -> !recipe.isVertex());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void decaysAsTheOnlyLayer(LayerRecipe recipe) {
    MultiLayerConfiguration conf =
        Networks.with(adamW())
            .list()
            .layer((Layer) recipe.layer().get())
            .setInputType(recipe.input())
            .build();
    if (recipe.isRefused()) {
      assertThatIllegalArgumentException().isThrownBy(() -> DecoupledDecay.attach(conf));
      return;
    }
    MultiLayerNetwork network = new MultiLayerNetwork(DecoupledDecay.attach(conf));
    network.init();
    Networks.spread(network);
    Map<String, INDArray> before = Networks.copyOf(network);

    Networks.stepWithoutGradient(network);

    assertDecayed(before, network, decays(recipe, "0_", 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void biasesDecayByTheirOwnUpdater(LayerRecipe recipe) {
    IUpdater ofBiases = new AdamWDecoupled(LEARNING_RATE, DECAY_OF_BIASES);
    ComputationGraphConfiguration conf = recipe.graph(Networks.with(adamW()).biasUpdater(ofBiases));
    if (recipe.isRefused() || recipe.ofBiases() == OfBiases.MISPLACED) {
      assertRefused(
          recipe.isRefused() ? recipe.refusal() : "has a separate updater for its biases", conf);
      return;
    }
    ComputationGraph graph =
        initialized(DecoupledDecay.attach(conf, DecayedParameters.WEIGHTS_AND_BIASES));
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    Map<String, Double> decays = decaysInGraph(recipe, DECAY_OF_BIASES);
    if (recipe.ofBiases() == OfBiases.IGNORED) {
      decays.putAll(decays("it_", recipe.biases(), DECAY));
    }
    assertDecayed(before, graph, decays);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void biasesMayHaveAnUpdaterOfDeeplearning4j(LayerRecipe recipe) {
    ComputationGraphConfiguration conf =
        recipe.graph(Networks.with(adamW()).biasUpdater(new Sgd(0.1)));
    if (recipe.isRefused() || recipe.ofBiases() == OfBiases.MISPLACED) {
      assertThatIllegalArgumentException().isThrownBy(() -> DecoupledDecay.attach(conf));
      return;
    }
    ComputationGraph graph = initialized(DecoupledDecay.attach(conf));
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    assertDecayed(before, graph, decaysInGraph(recipe, 0));
  }

  /** A filter may leave out any layer. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void nothingDecaysInALayerThatIsLeftOut(LayerRecipe recipe) {
    ComputationGraph graph =
        initialized(
            DecoupledDecay.attach(
                recipe.graph(Networks.with(adamW())),
                (layer, parameter) -> !layer.equals("it"),
                DecayedParameters.WEIGHTS_AND_BIASES));
    Map<String, INDArray> before = Networks.copyOf(graph);

    Networks.stepWithoutGradient(graph);

    Map<String, Double> decays = decaysInGraph(recipe, DECAY);
    decays.replaceAll((name, decay) -> name.startsWith("it_") ? 0 : decay);
    assertDecayed(before, graph, decays);
  }

  /** Each parameter alone, as far as Deeplearning4j allows telling them apart. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void oneWeightDecaysAlone(LayerRecipe recipe) {
    if (recipe.isRefused()) {
      return;
    }
    for (String name : recipe.weights()) {
      boolean isBothDirections = recipe.weights().contains("fW");
      String own = isBothDirections ? name.substring(1) : name;
      ComputationGraph graph =
          initialized(
              DecoupledDecay.attach(
                  recipe.graph(Networks.with(adamW())),
                  (layer, parameter) -> layer.equals("it") && parameter.equals(own)));
      Map<String, INDArray> before = Networks.copyOf(graph);

      Networks.stepWithoutGradient(graph);

      String decaying = isBothDirections ? "it_[fb]" + own : "it_" + own;
      Map<String, Double> decays = decaysInGraph(recipe, 0);
      decays.replaceAll((key, decay) -> key.matches(decaying) ? decay : 0);
      assertDecayed(before, graph, decays);
    }
  }

  /** If what decays depends on the sizes, it asks for them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void decaysOrAsksForSizesIfTheyAreNotKnownYet(LayerRecipe recipe) {
    boolean asks =
        recipe
            .name()
            .matches(
                "(depthwise|separable) convolution(?! without).*|locally connected.*"
                    + "|normalized dense.*|(locked )?batch normalization.*");
    MultiLayerConfiguration conf =
        Networks.with(adamW()).list().layer((Layer) recipe.layer().get()).build();
    try {
      DecoupledDecay.attach(conf);
    } catch (IllegalArgumentException e) {
      String reason = recipe.refusal() == null ? "has no sizes yet" : recipe.refusal();
      assertThat(e).hasMessageContaining(reason);
      assertThat(recipe.refusal() != null || asks).isTrue();
      return;
    }
    assertThat(asks).isFalse();
    MultiLayerConfiguration sized = conf.clone();
    sized.getConf(0).getLayer().setNIn(recipe.input(), false);
    MultiLayerNetwork network = new MultiLayerNetwork(sized);
    network.init();
    Networks.spread(network);
    Map<String, INDArray> before = Networks.copyOf(network);

    Networks.stepWithoutGradient(network);

    assertDecayed(before, network, decays(recipe, "0_", 0));
  }

  /** With such a large epsilon, steps are a millionth of the gradient, so the decay is visible. */
  private static void assertDecaysInPretraining(Layer layer, String... weights) {
    IUpdater updater =
        AdamWDecoupled.builder()
            .learningRate(LEARNING_RATE)
            .weightDecay(DECAY)
            .epsilon(1e6)
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            DecoupledDecay.attach(
                Networks.with(updater)
                    .list()
                    .layer(layer)
                    .layer(Networks.output().nIn(2).nOut(3).build())
                    .build()));
    network.init();
    Networks.spread(network);
    for (int step = 0; step < 5; step++) {
      Map<String, INDArray> expected = Networks.copyOf(network);
      for (String name : weights) {
        expected.get("0_" + name).muli(1 - LEARNING_RATE * DECAY);
      }

      network.pretrainLayer(0, Networks.data().getFeatures());

      expected.forEach(
          (name, array) ->
              assertThat(array.sub(network.getParam(name)).amaxNumber().doubleValue())
                  .as(name)
                  .isLessThan(1e-5));
    }
  }

  @Test
  void anAutoEncoderDecaysInPretraining() {
    assertDecaysInPretraining(new AutoEncoder.Builder().nIn(4).nOut(2).build(), "W");
  }

  @Test
  void aVariationalAutoencoderDecaysInPretraining() {
    assertDecaysInPretraining(
        LayerRecipe.variationalAutoencoder(4),
        "e0W",
        "e1W",
        "pZXMeanW",
        "pZXLogStd2W",
        "d0W",
        "pXZW");
  }
}
