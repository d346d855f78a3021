package org.dl4jx.updaters.decay;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.dl4jx.updaters.decay.DecoupledWeightDecay.Range;
import org.dl4jx.updaters.decay.LayerParameter.Reach;
import org.dl4jx.updaters.decay.LayerParameter.Role;
import org.dl4jx.updaters.engine.Matrices;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.dl4jx.updaters.engine.UpdaterWrapper;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/**
 * A place where updaters meet parameters and their regularizations: a layer, a vertex, or the
 * variables of a SameDiff model. All sites are checked before any is changed.
 */
public abstract sealed class DecaySite {
  private static final String NOT_ATTACHED = "not attached, refuses to train";

  static final String WITHOUT_DECAY = "give this layer an updater with weightDecay(0)";

  private final String title;

  private DecaySite(String title) {
    this.title = title;
  }

  /**
   * The variables of a SameDiff model.
   *
   * @param c its training configuration
   * @return the site
   */
  public static DecaySite of(TrainingConfig c) {
    return new Variables(c, List.of());
  }

  /**
   * The variables of a SameDiff model, by name.
   *
   * @param model the model
   * @return the site
   * @throws IllegalArgumentException if it has no training configuration
   */
  public static DecaySite of(SameDiff model) {
    TrainingConfig config = model.getTrainingConfig();
    check(config != null, "trainingConfig", config, "set by setTrainingConfig before this call");
    return new Variables(
        config,
        model.variables().stream()
            .filter(v -> v.getVariableType() == VariableType.VARIABLE && v.dataType().isFPType())
            .toList());
  }

  /**
   * The sites of a network.
   *
   * @param configuration its configuration
   * @return the sites of all layers with parameters
   */
  public static Stream<DecaySite> of(MultiLayerConfiguration configuration) {
    List<Layer> layers =
        configuration.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    int output = Outputs.of(layers);
    return IntStream.range(0, layers.size())
        .boxed()
        .flatMap(i -> of(layers.get(i), "layer" + i, i == output));
  }

  /**
   * The sites of a graph.
   *
   * @param configuration its configuration
   * @return the sites of all vertices with parameters
   */
  public static Stream<DecaySite> of(ComputationGraphConfiguration configuration) {
    Set<String> outputs = Outputs.of(configuration);
    return configuration.getVertices().entrySet().stream()
        .flatMap(
            vertex -> of(vertex.getValue(), vertex.getKey(), outputs.contains(vertex.getKey())));
  }

  /**
   * The sites of a vertex.
   *
   * @param vertex the vertex
   * @param name its name
   * @param isOutput whether its parameters are those of an output layer, whatever its class
   * @return the sites; none if it has no parameters
   */
  static Stream<DecaySite> of(GraphVertex vertex, String name, boolean isOutput) {
    return of(vertex, name, isOutput, Frozen.NOT);
  }

  private static Stream<DecaySite> of(
      GraphVertex vertex, String name, boolean isOutput, Frozen frozen) {
    if (vertex instanceof LayerVertex layer) {
      return of(layer.getLayerConf().getLayer(), name, isOutput, frozen);
    } else if (vertex instanceof FrozenVertex inside) {
      return of(inside.getUnderlying(), name, isOutput, Frozen.ENTIRELY);
    } else if (vertex instanceof SameDiffVertex v) {
      String title = String.format("vertex \"%s\" (%s)", name, v.getClass().getSimpleName());
      Beans weights =
          new Beans(v.getUpdater(), v::setUpdater, v.getRegularization(), v::setRegularization);
      Beans biases =
          new Beans(
              v.getBiasUpdater(),
              v::setBiasUpdater,
              v.getRegularizationBias(),
              v::setRegularizationBias);
      return Stream.of(
          new InLayer(
              name, title, weights, biases, () -> hidden(LayerParameter.of(v), isOutput), frozen));
    }
    return Stream.empty();
  }

  /**
   * The sites of a layer, including those inside wrappers.
   *
   * @param layer the layer
   * @param position what to call a layer without a name
   * @param isOutput whether its parameters are those of an output layer, whatever its class
   * @return the sites; none if it has no parameters
   */
  static Stream<DecaySite> of(Layer layer, String position, boolean isOutput) {
    return of(layer, position, isOutput, Frozen.NOT);
  }

  private static Stream<DecaySite> of(
      Layer layer, String position, boolean isOutput, Frozen frozen) {
    if (layer instanceof FrozenLayer inside) {
      return of(inside.getLayer(), position, isOutput, Frozen.ENTIRELY);
    } else if (layer instanceof FrozenLayerWithBackprop inside) {
      return of(inside.getUnderlying(), position, isOutput, Frozen.BY_ITS_GRADIENT);
    } else if (layer instanceof BaseWrapperLayer wrapper) {
      return of(wrapper.getUnderlying(), position, isOutput, frozen);
    } else if (layer instanceof Bidirectional both) {
      return Stream.of(both.getFwd(), both.getBwd())
          .flatMap(direction -> of(direction, position, isOutput, frozen));
    }
    Beans weights;
    Beans biases;
    if (layer instanceof BaseLayer l) {
      weights =
          new Beans(l.getIUpdater(), l::setIUpdater, l.getRegularization(), l::setRegularization);
      biases =
          new Beans(
              l.getBiasUpdater(),
              l::setBiasUpdater,
              l.getRegularizationBias(),
              l::setRegularizationBias);
    } else if (layer instanceof AbstractSameDiffLayer l) {
      weights =
          new Beans(l.getUpdater(), l::setUpdater, l.getRegularization(), l::setRegularization);
      biases =
          new Beans(
              l.getBiasUpdater(),
              l::setBiasUpdater,
              l.getRegularizationBias(),
              l::setRegularizationBias);
    } else {
      return unknown(layer, position);
    }
    String name = layer.getLayerName() == null ? position : layer.getLayerName();
    String title = String.format("layer \"%s\" (%s)", name, layer.getClass().getSimpleName());
    return Stream.of(
        new InLayer(
            name,
            title,
            weights,
            biases,
            () -> hidden(LayerParameter.of(layer), isOutput),
            frozen));
  }

  /** Parameters without the matrices of an output layer. */
  private static List<LayerParameter> hidden(List<LayerParameter> parameters, boolean isOutput) {
    return isOutput && parameters != null
        ? parameters.stream().map(LayerParameter::ofOutput).toList()
        : parameters;
  }

  /**
   * A custom layer that has parameters but not the lists of regularizations of Deeplearning4j's
   * layers.
   */
  private static Stream<DecaySite> unknown(Layer layer, String position) {
    return layer.initializer().paramKeys(layer).stream()
        .map(layer::getUpdaterByParam)
        .filter(updater -> carrier(updater) != null)
        .limit(1)
        .map(updater -> new Unknown(layer, position, carrier(updater)));
  }

  /**
   * Checks whether the decay can be attached here.
   *
   * @param attachment what to attach
   * @return attaches it
   * @throws IllegalArgumentException if the decay cannot be attached here
   */
  public abstract Runnable attach(Attachment attachment);

  /**
   * Removes what was attached.
   *
   * @param replacement if not null, replaces updaters of dl4jx and updaters with a schedule of
   *     dl4jx
   */
  public abstract void detach(IUpdater replacement);

  /**
   * Lists what decays here.
   *
   * @return for each parameter, the name of the layer, its own name, and what happens to it
   */
  public abstract List<List<String>> describe();

  /** How a layer is kept from training. */
  private enum Frozen {
    NOT,
    /** Neither updater nor regularization acts. */
    ENTIRELY,
    /** By a gradient of zero: updater and regularizations still act on it. */
    BY_ITS_GRADIENT
  }

  /** What Deeplearning4j keeps for the weights or the biases of a layer. */
  private record Beans(
      IUpdater updater,
      Consumer<IUpdater> setUpdater,
      List<Regularization> regularizations,
      Consumer<List<Regularization>> setRegularizations) {

    private List<Regularization> list() {
      return regularizations == null ? List.of() : regularizations;
    }

    /** The regularization that shows the weights, or null. */
    DecoupledWeightDecay decay() {
      return list().stream()
          .filter(DecoupledWeightDecay.class::isInstance)
          .map(DecoupledWeightDecay.class::cast)
          .findFirst()
          .orElse(null);
    }

    /** Another regularization that makes weights decay, or null. */
    Regularization otherDecay() {
      return list().stream().filter(Beans::isOtherDecay).findFirst().orElse(null);
    }

    private static boolean isOtherDecay(Regularization other) {
      return other instanceof WeightDecay || other instanceof L2Regularization;
    }

    /** Adds a decay, or removes it if it is null. */
    void set(DecoupledWeightDecay decay, boolean replaces) {
      List<Regularization> after = new ArrayList<>(list());
      after.removeIf(r -> r instanceof DecoupledWeightDecay || replaces && Beans.isOtherDecay(r));
      if (decay != null) {
        after.add(decay);
      }
      if (!after.equals(list())) {
        setRegularizations.accept(after);
      }
    }

    void mark(boolean attached, long outOfReach) {
      DecayingUpdater own = carrier(updater);
      if (own != null) {
        DecayingUpdater marked = attached ? own.attached(outOfReach) : own.clone();
        if (!marked.equals(own)) {
          setUpdater.accept(UpdaterWrapper.exchange(updater, marked));
        }
      }
    }

    void detach(IUpdater replacement) {
      set(null, false);
      mark(false, 0);
      if (updater != null && replacement != null && needsThisPack(updater)) {
        setUpdater.accept(replacement.clone());
      }
    }

    /** An updater of Deeplearning4j may follow schedules of dl4jx; its JSON tells. */
    private static boolean needsThisPack(IUpdater updater) {
      try {
        String json = NeuralNetConfiguration.mapper().writeValueAsString(updater);
        return json.contains("\"org.dl4jx.");
      } catch (JsonProcessingException e) {
        return updater instanceof UpdaterConfiguration;
      }
    }
  }

  private static DecayingUpdater carrier(IUpdater updater) {
    IUpdater inside = UpdaterWrapper.unwrap(updater);
    return inside instanceof DecayingUpdater u && u.needsWeights() ? u : null;
  }

  /** Thrown if the decay cannot be attached to a layer. */
  private static final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  private static String withoutDecay(IUpdater updater) {
    String name = updater.getClass().getSimpleName();
    boolean couldDecay = UpdaterWrapper.unwrap(updater) instanceof DecayingUpdater;
    return "no decay: " + name + (couldDecay ? " with weightDecay 0" : "");
  }

  private static String withoutDecay(LayerParameter parameter) {
    return "no decay: " + (parameter.role() == Role.WEIGHT ? "left out" : parameter.role().text);
  }

  /** Because of the decay. */
  private Refusal refusal(String problem, DecayingUpdater carrier, String remedy) {
    return refusal(problem, carrier, carrier.needForDecay(), remedy);
  }

  /** Because of whatever the updater needs the weights for. */
  private Refusal refusalOfNeed(String problem, DecayingUpdater carrier, String remedy) {
    return refusal(problem, carrier, carrier.need(), remedy);
  }

  private Refusal refusal(String problem, DecayingUpdater carrier, String need, String remedy) {
    return new Refusal(
        String.format(
            "%s %s, but %s %s; %s",
            title, problem, carrier.getClass().getSimpleName(), need, remedy));
  }

  final void refuseSecondDecay(String which, Regularization other, DecayingUpdater carrier) {
    throw new Refusal(
        String.format(
            "the %s of %s already have %s and would decay twice with weightDecay %s of %s;"
                + " attach(x, ExistingDecay.REPLACE) removes the other decay, and so do"
                + " FineTuneConfiguration.Builder.l2(0) and weightDecay(0) in transfer learning",
            which, title, other, carrier.getWeightDecay(), carrier.getClass().getSimpleName()));
  }

  /** SameDiff has one updater and one list for all variables, and does not pass on their names. */
  private static final class Variables extends DecaySite {
    private final TrainingConfig config;

    /** The trained variables; none if they are not known. */
    private final List<SDVariable> variables;

    private final Beans beans;

    Variables(TrainingConfig c, List<SDVariable> variables) {
      super("the TrainingConfig");
      this.config = c;
      this.variables = variables;
      this.beans =
          new Beans(c.getUpdater(), c::setUpdater, c.getRegularization(), c::setRegularization);
    }

    @Override
    public Runnable attach(Attachment attachment) {
      DecayingUpdater carrier = carrier(beans.updater);
      if (carrier == null) {
        return () -> beans.set(null, false);
      }
      boolean decays = carrier.getWeightDecay() > 0;
      if (decays && !config.isMinimize()) {
        throw super.refusal(
            "maximizes, so a decay would make the weights grow",
            carrier,
            "minimize the negative of the loss");
      }
      Regularization other = beans.otherDecay();
      if (decays && other != null && !attachment.replaces()) {
        refuseSecondDecay("variables", other, carrier);
      }
      DecoupledWeightDecay decay =
          new DecoupledWeightDecay(
              true,
              !attachment.biasesToo(),
              List.of(),
              leftOut(attachment, carrier),
              carrier.needsMatrices());
      return () -> {
        beans.set(decay, decays && attachment.replaces());
        beans.mark(true, 0);
      };
    }

    /** Lengths tell variables apart, because SameDiff updates them in any order. */
    private List<Long> leftOut(Attachment attachment, DecayingUpdater carrier) {
      if (carrier.getWeightDecay() == 0) {
        return List.of();
      }
      Map<Long, SDVariable> byLength = new LinkedHashMap<>();
      for (SDVariable variable : variables) {
        INDArray array = variable.getArr();
        if (!attachment.biasesToo() && DecoupledWeightDecay.isVector(array)) {
          continue;
        }
        SDVariable other = byLength.putIfAbsent(array.length(), variable);
        if (other != null && decays(other, attachment) != decays(variable, attachment)) {
          throw super.refusal(
              String.format(
                  "has variables \"%s\" and \"%s\" of %d numbers each, of which only one should decay,"
                      + " and SameDiff does not pass on names while it trains",
                  other.name(), variable.name(), array.length()),
              carrier,
              "let both of them decay or neither");
        }
      }
      return byLength.entrySet().stream()
          .filter(entry -> !decays(entry.getValue(), attachment))
          .map(Map.Entry::getKey)
          .toList();
    }

    private static boolean decays(SDVariable variable, Attachment attachment) {
      return attachment.filter().test("", variable.name());
    }

    @Override
    public void detach(IUpdater replacement) {
      beans.detach(replacement);
    }

    @Override
    public List<List<String>> describe() {
      DecayingUpdater carrier = carrier(beans.updater);
      DecoupledWeightDecay decay = beans.decay();
      String text;
      if (carrier == null) {
        text = withoutDecay(beans.updater);
      } else if (decay == null) {
        text = NOT_ATTACHED;
      } else if (carrier.getWeightDecay() == 0) {
        text = withoutDecay(beans.updater);
      } else {
        text = String.valueOf(carrier.getWeightDecay());
      }
      boolean isAttached = carrier != null && decay != null;
      List<List<String>> rows = new ArrayList<>();
      String name =
          isAttached && decay.matricesOnly() ? "arrays of at least two rows" : "all variables";
      rows.add(List.of("SameDiff", name, text));
      if (isAttached && !decay.leftOut().isEmpty()) {
        String lengths =
            decay.leftOut().stream().map(String::valueOf).collect(Collectors.joining(" or "));
        rows.add(List.of("SameDiff", "but those of " + lengths + " numbers", "no decay: left out"));
      }
      return rows;
    }
  }

  /** A layer whose regularizations cannot be set. */
  private static final class Unknown extends DecaySite {
    private final String name;
    private final DecayingUpdater carrier;

    Unknown(Layer layer, String position, DecayingUpdater carrier) {
      super(String.format("layer \"%s\" (%s)", position, layer.getClass().getSimpleName()));
      this.name = position;
      this.carrier = carrier;
    }

    @Override
    public Runnable attach(Attachment attachment) {
      throw super.refusalOfNeed(
          "is of a kind whose regularizations cannot be set", carrier, carrier.replacement());
    }

    @Override
    public void detach(IUpdater replacement) {}

    @Override
    public List<List<String>> describe() {
      return List.of(List.of(name, "?", NOT_ATTACHED));
    }
  }

  /** The numbers from one index (included) to another (excluded). */
  private record Interval(long from, long to) {}

  private static final class InLayer extends DecaySite {
    private final String layer;
    private final Beans weights;
    private final Beans biases;
    private final Supplier<List<LayerParameter>> parametersOf;
    private final Frozen frozen;
    private List<LayerParameter> parameters;
    private boolean areKnown;

    InLayer(
        String layer,
        String title,
        Beans weights,
        Beans biases,
        Supplier<List<LayerParameter>> parametersOf,
        Frozen frozen) {
      super(title);
      this.layer = layer;
      this.weights = weights;
      this.biases = biases;
      this.parametersOf = parametersOf;
      this.frozen = frozen;
    }

    /** Empty if they are not known yet. */
    private List<LayerParameter> parameters() {
      if (parameters == null) {
        parameters = parametersOf.get();
        areKnown = parameters != null;
        parameters = areKnown ? parameters : List.of();
      }
      return parameters;
    }

    /** Biases use the updater of the weights unless they have their own. */
    private IUpdater updater(LayerParameter parameter) {
      return switch (parameter.updatedBy()) {
        case WEIGHTS -> weights.updater;
        case BIASES -> biases.updater == null ? weights.updater : biases.updater;
        case NONE -> null;
      };
    }

    private DecayingUpdater carrier(LayerParameter parameter) {
      return DecaySite.carrier(updater(parameter));
    }

    private List<LayerParameter> reached(Reach reach) {
      return parameters().stream().filter(parameter -> parameter.reach() == reach).toList();
    }

    @Override
    public Runnable attach(Attachment attachment) {
      boolean carriesNone =
          DecaySite.carrier(weights.updater) == null && DecaySite.carrier(biases.updater) == null;
      if (carriesNone) {
        return () -> detach(null);
      }
      if (frozen != Frozen.ENTIRELY) {
        return attachNow(attachment);
      }
      try {
        return attachNow(attachment);
      } catch (Refusal refusal) {
        // Nothing acts on this layer. Once it is unfrozen, its updater refuses to train.
        return () -> detach(null);
      }
    }

    private Runnable attachNow(Attachment attachment) {
      parameters();
      if (!areKnown) {
        refuseWithoutSizes(DecaySite.carrier(weights.updater));
        refuseWithoutSizes(DecaySite.carrier(biases.updater));
      }
      long outOfReach = outOfReach(attachment);
      refuseMisplaced();
      DecoupledWeightDecay own = decay(Reach.WEIGHTS, weights, attachment);
      DecoupledWeightDecay ownOfBiases = decay(Reach.BIASES, biases, attachment);
      DecoupledWeightDecay ofWeights = besides(ownOfBiases, own);
      DecoupledWeightDecay ofBiases = besides(own, ownOfBiases);
      boolean replaces = attachment.replaces();
      return () -> {
        weights.set(ofWeights, replaces && decaysAny(Reach.WEIGHTS, attachment));
        biases.set(ofBiases, replaces && decaysAny(Reach.BIASES, attachment));
        weights.mark(true, outOfReach);
        biases.mark(true, 0);
      };
    }

    /** Whether a parameter decays once the decay is attached. */
    private boolean decays(LayerParameter parameter, Attachment attachment) {
      return frozen != Frozen.BY_ITS_GRADIENT
          && carrier(parameter) != null
          && carrier(parameter).getWeightDecay() > 0
          && attachment.decays(layer, parameter);
    }

    private boolean decaysAny(Reach reach, Attachment attachment) {
      return reached(reach).stream().anyMatch(parameter -> decays(parameter, attachment));
    }

    private boolean decaysAny(Attachment attachment) {
      return decaysAny(Reach.WEIGHTS, attachment) || decaysAny(Reach.BIASES, attachment);
    }

    /** How many parameters no regularization reaches: all of the layer's blocks or none. */
    private long outOfReach(Attachment attachment) {
      List<LayerParameter> unreached =
          reached(Reach.NONE).stream().filter(parameter -> carrier(parameter) != null).toList();
      for (LayerParameter parameter : unreached) {
        String problem = "lets no regularization reach its \"" + parameter.name() + '"';
        DecayingUpdater carrier = carrier(parameter);
        if (parameters().stream().anyMatch(p -> isBesideUnreached(p, parameter))) {
          throw super.refusalOfNeed(problem, carrier, carrier.replacement());
        }
        if (decays(parameter, attachment)) {
          throw super.refusal(problem, carrier, WITHOUT_DECAY);
        }
      }
      if (unreached.stream().anyMatch(parameter -> parameter.length() == 0)) {
        refuseWithoutSizes(carrier(unreached.get(0)));
      }
      return unreached.stream().mapToLong(LayerParameter::length).sum();
    }

    /** Whether a parameter that is shown shares a block with one that is not. */
    private boolean isBesideUnreached(LayerParameter shown, LayerParameter unreached) {
      return shown.reach() != Reach.NONE
          && carrier(shown) != null
          && shown.isPretrained() == unreached.isPretrained();
    }

    private void refuseWithoutSizes(DecayingUpdater carrier) {
      if (carrier != null) {
        throw super.refusalOfNeed(
            "has no sizes yet, which are needed to tell its weights apart",
            carrier,
            "attach after setInputType, or to the network after init()");
      }
    }

    private void refuseMisplaced() {
      boolean ownUpdater = biases.updater != null && !biases.updater.equals(weights.updater);
      for (LayerParameter parameter : parameters()) {
        if (parameter.isMisplaced() && ownUpdater && carrier(parameter) != null) {
          throw super.refusalOfNeed(
              "has a separate updater for its biases, to which Deeplearning4j passes other numbers"
                  + " than the biases",
              carrier(parameter),
              "use the same updater for its weights and biases");
        }
      }
    }

    /** The decay for the parameters that one list reaches; null if their updater has none. */
    private DecoupledWeightDecay decay(Reach reach, Beans beans, Attachment attachment) {
      List<LayerParameter> arrays = reached(reach);
      DecayingUpdater carrier =
          arrays.stream().map(this::carrier).filter(Objects::nonNull).findFirst().orElse(null);
      if (carrier == null) {
        return null;
      }
      boolean any = decaysAny(reach, attachment);
      if (any && beans.otherDecay() != null && !attachment.replaces()) {
        String which = reach == Reach.WEIGHTS ? "weights" : "biases";
        refuseSecondDecay(which, beans.otherDecay(), carrier);
      }
      boolean sizesKnown = arrays.stream().allMatch(array -> array.length() > 0);
      if (!sizesKnown && carrier.needsMatrices()) {
        refuseWithoutSizes(carrier);
      }
      if (!sizesKnown) {
        boolean all = arrays.stream().allMatch(array -> decays(array, attachment));
        boolean allOfLayer = parameters().stream().allMatch(p -> decays(p, attachment));
        boolean isMisplaced = parameters().stream().anyMatch(LayerParameter::isMisplaced);
        if (any && !all || decaysAny(attachment) && isMisplaced && !allOfLayer) {
          refuseWithoutSizes(carrier);
        }
        return any ? DecoupledWeightDecay.ALL : DecoupledWeightDecay.NONE;
      }
      List<Range> ranges = arrays.stream().map(array -> range(array, attachment)).toList();
      if (carrier.needsMatrices()) {
        return new DecoupledWeightDecay(true, false, ranges);
      }
      if (ranges.stream().allMatch(range -> range.to() - range.from() == range.length())) {
        return DecoupledWeightDecay.ALL;
      }
      return ranges.stream().allMatch(range -> range.to() == range.from())
          ? DecoupledWeightDecay.NONE
          : new DecoupledWeightDecay(true, false, ranges);
    }

    /** Arrays that only their order tells apart must be shown without a gap. */
    private static DecoupledWeightDecay besides(
        DecoupledWeightDecay other, DecoupledWeightDecay own) {
      boolean keepsOrder = other != null && !other.arrays().isEmpty();
      return own == null && keepsOrder ? DecoupledWeightDecay.NONE : own;
    }

    /**
     * Which of the numbers that Deeplearning4j passes as one array belong to parameters that decay.
     * Adjacent weights form one interval, and there is never more than one.
     */
    private Range range(LayerParameter array, Attachment attachment) {
      DecayingUpdater carrier = carrier(array);
      boolean tells = carrier != null && carrier.needsMatrices();
      Matrices matrices = tells ? array.matrices() : null;
      long from = array.length();
      long to = 0;
      long count = 0;
      for (LayerParameter parameter : parameters()) {
        Interval common = common(array, parameter);
        if (common.to > common.from && decays(parameter, attachment)) {
          from = Math.min(from, common.from);
          to = Math.max(to, common.to);
          count += common.to - common.from;
        }
      }
      if (count == 0) {
        return new Range(array.length(), 0, 0, matrices);
      }
      if (count != to - from) {
        throw super.refusal(
            "is passed by Deeplearning4j in other pieces than its weights and biases",
            carrier,
            "let all of its weights decay or none");
      }
      return new Range(array.length(), from, to, matrices);
    }

    /** Which numbers of what Deeplearning4j passes as one array belong to a parameter. */
    private static Interval common(LayerParameter array, LayerParameter parameter) {
      long from = Math.max(0, parameter.place() - array.handed());
      long end = parameter.place() + parameter.length() - array.handed();
      return new Interval(from, Math.min(array.length(), end));
    }

    @Override
    public void detach(IUpdater replacement) {
      weights.detach(replacement);
      biases.detach(replacement);
    }

    @Override
    public List<List<String>> describe() {
      parameters();
      if (!areKnown) {
        return List.of(List.of(layer, "?", "no sizes yet"));
      }
      return parameters().stream()
          .map(parameter -> List.of(layer, parameter.name(), describe(parameter)))
          .toList();
    }

    private String describe(LayerParameter parameter) {
      DecayingUpdater carrier = carrier(parameter);
      if (frozen != Frozen.NOT) {
        return "no decay: frozen";
      }
      if (carrier == null) {
        IUpdater updater = updater(parameter);
        return updater == null ? "no decay: not updated" : withoutDecay(updater);
      }
      if (parameter.reach() == Reach.NONE) {
        return carrier.outOfReach() > 0 ? withoutDecay(parameter) : NOT_ATTACHED;
      }
      long decaying = 0;
      for (LayerParameter array : parameters()) {
        Interval common = common(array, parameter);
        boolean isHandedOver = common.to > common.from || array == parameter;
        if (array.reach() == Reach.NONE || !isHandedOver) {
          continue;
        }
        DecoupledWeightDecay decay = (array.reach() == Reach.WEIGHTS ? weights : biases).decay();
        if (decay == null) {
          return NOT_ATTACHED;
        }
        Range range = decay.rangeOf(reached(array.reach()).indexOf(array), array.length());
        long from = Math.max(common.from, range.from());
        decaying += Math.max(0, Math.min(common.to, range.to()) - from);
        // If the sizes of a layer are not known yet, all of its weights decay or none.
        decaying += array.length() == 0 && decay.decays() ? 1 : 0;
      }
      if (carrier.getWeightDecay() == 0) {
        return withoutDecay(updater(parameter));
      }
      if (decaying == 0) {
        return withoutDecay(parameter);
      }
      return String.valueOf(carrier.getWeightDecay());
    }
  }
}
