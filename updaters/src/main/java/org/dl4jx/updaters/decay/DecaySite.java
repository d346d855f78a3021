package org.dl4jx.updaters.decay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * A place where an updater meets parameters and their regularizations: the weights or the biases of
 * a layer or vertex, or the variables of a SameDiff model.
 *
 * @param name how an error message names the place
 * @param updater the updater in force there
 * @param setUpdater replaces the updater
 * @param regularizations what is applied to the parameters, or null
 * @param setRegularizations replaces the regularizations
 * @param decay makes the decay that is to be there, or throws; null if nothing is to decay there
 */
public record DecaySite(
    String name,
    IUpdater updater,
    Consumer<IUpdater> setUpdater,
    List<Regularization> regularizations,
    Consumer<List<Regularization>> setRegularizations,
    DoubleFunction<DecoupledWeightDecay> decay) {

  private static final DoubleFunction<DecoupledWeightDecay> PLAIN = DecoupledWeightDecay::new;

  /**
   * The variables of a SameDiff model.
   *
   * @param c the configuration of its training
   * @param biasesToo whether biases decay as well
   * @return the place
   */
  public static DecaySite of(TrainingConfig c, boolean biasesToo) {
    return new DecaySite(
        "TrainingConfig",
        c.getUpdater(),
        c::setUpdater,
        c.getRegularization(),
        c::setRegularization,
        coefficient -> new DecoupledWeightDecay(coefficient, 0, !biasesToo));
  }

  /**
   * The places of a vertex.
   *
   * @param vertex the vertex
   * @param name its name
   * @param biasesToo whether biases decay as well
   * @return its weights and its biases, if it has any
   */
  public static Stream<DecaySite> of(GraphVertex vertex, String name, boolean biasesToo) {
    if (vertex instanceof LayerVertex layer) {
      return of(layer.getLayerConf().getLayer(), name, biasesToo);
    } else if (vertex instanceof FrozenVertex frozen) {
      return of(frozen.getUnderlying(), name, biasesToo);
    } else if (vertex instanceof SameDiffVertex v) {
      Parameters weights =
          new Parameters(
              v.getUpdater(), v::setUpdater, v.getRegularization(), v::setRegularization);
      Parameters biases =
          new Parameters(
              v.getBiasUpdater(),
              v::setBiasUpdater,
              v.getRegularizationBias(),
              v::setRegularizationBias);
      return pair("vertex \"" + name + '"', weights, PLAIN, biases, biasesToo);
    }
    return Stream.empty();
  }

  /**
   * The places of a layer, inside wrappers too.
   *
   * @param layer the layer
   * @param position where it stands, for layers without a name
   * @param biasesToo whether biases decay as well
   * @return its weights and its biases, if it has any
   */
  public static Stream<DecaySite> of(Layer layer, String position, boolean biasesToo) {
    if (layer instanceof FrozenLayer frozen) {
      return of(frozen.getLayer(), position, biasesToo);
    } else if (layer instanceof FrozenLayerWithBackprop frozen) {
      return of(frozen.getUnderlying(), position, biasesToo).map(DecaySite::withoutDecay);
    } else if (layer instanceof BaseWrapperLayer wrapper) {
      return of(wrapper.getUnderlying(), position, biasesToo);
    } else if (layer instanceof Bidirectional both) {
      return Stream.of(both.getFwd(), both.getBwd())
          .flatMap(direction -> of(direction, position, biasesToo));
    }
    String layerName = layer.getLayerName() == null ? position : layer.getLayerName();
    String name = String.format("layer \"%s\" (%s)", layerName, layer.getClass().getSimpleName());
    if (layer instanceof BaseLayer l) {
      Parameters weights =
          new Parameters(
              l.getIUpdater(), l::setIUpdater, l.getRegularization(), l::setRegularization);
      Parameters biases =
          new Parameters(
              l.getBiasUpdater(),
              l::setBiasUpdater,
              l.getRegularizationBias(),
              l::setRegularizationBias);
      return pair(name, weights, decayOfWeights(l, name), biases, biasesToo);
    } else if (layer instanceof AbstractSameDiffLayer l) {
      Parameters weights =
          new Parameters(
              l.getUpdater(), l::setUpdater, l.getRegularization(), l::setRegularization);
      Parameters biases =
          new Parameters(
              l.getBiasUpdater(),
              l::setBiasUpdater,
              l.getRegularizationBias(),
              l::setRegularizationBias);
      return pair(name, weights, PLAIN, biases, biasesToo);
    }
    return Stream.empty();
  }

  /** The weights or the biases of a layer, as Deeplearning4j's beans hold them. */
  private record Parameters(
      IUpdater updater,
      Consumer<IUpdater> setUpdater,
      List<Regularization> regularizations,
      Consumer<List<Regularization>> setRegularizations) {

    DecaySite site(String name, DoubleFunction<DecoupledWeightDecay> decay) {
      return new DecaySite(name, updater, setUpdater, regularizations, setRegularizations, decay);
    }
  }

  /** Biases have the updater of the weights unless they have their own. */
  private static Stream<DecaySite> pair(
      String name,
      Parameters weights,
      DoubleFunction<DecoupledWeightDecay> decayOfWeights,
      Parameters biases,
      boolean biasesToo) {
    Parameters ownOrShared =
        biases.updater != null
            ? biases
            : new Parameters(
                weights.updater, set -> {}, biases.regularizations, biases.setRegularizations);
    return Stream.of(
        weights.site("weights of " + name, decayOfWeights),
        ownOrShared.site("biases of " + name, biasesToo ? PLAIN : null));
  }

  /** Null for a layer without weights, such as batch normalization. */
  private static DoubleFunction<DecoupledWeightDecay> decayOfWeights(BaseLayer layer, String name) {
    List<String> weights = layer.initializer().weightKeys(layer);
    return weights.isEmpty()
        ? null
        : coefficient -> {
          DecoupledWeightDecay decay =
              new DecoupledWeightDecay(coefficient, gainLength(layer, name), false);
          BaseLayer probe = layer.clone();
          probe.setRegularization(List.of(decay));
          for (String weight : weights) {
            List<Regularization> reaching = probe.getRegularizationByParam(weight);
            if (reaching == null || !reaching.contains(decay)) {
              throw new IllegalArgumentException(
                  String.format(
                      "%s lets no regularization reach its weights \"%s\", so weightDecay %s cannot"
                          + " be attached to it; give this layer an updater with weightDecay(0)",
                      name, weight, coefficient));
            }
          }
          return decay;
        };
  }

  /**
   * Deeplearning4j counts the gain of layer normalization among the weights and hands both over
   * flattened, so that only their lengths tell them apart.
   */
  private static long gainLength(BaseLayer layer, String name) {
    long in;
    long out;
    long gain;
    if (layer instanceof DenseLayer dense && dense.isHasLayerNorm()) {
      in = dense.getNIn();
      out = dense.getNOut();
      gain = out;
    } else if (layer instanceof SimpleRnn rnn && rnn.isHasLayerNorm()) {
      in = rnn.getNIn();
      out = rnn.getNOut();
      gain = 2 * out;
    } else {
      return 0;
    }
    boolean recurrent = layer instanceof SimpleRnn;
    if (in * out == gain || recurrent && out * out == gain) {
      throw new IllegalArgumentException(
          String.format(
              "%s has layer normalization, %d inputs and %d outputs: weights and gain are of one"
                  + " length, so the decay of the weights cannot leave out the gain; give this"
                  + " layer an updater with weightDecay(0)",
              name, in, out));
    }
    return gain;
  }

  /**
   * {@code FrozenLayerWithBackprop} freezes its layer by a gradient of zero only, and so runs the
   * layer's updater; a decay after it would move the frozen weights.
   */
  private DecaySite withoutDecay() {
    return new DecaySite(name, updater, setUpdater, regularizations, setRegularizations, null);
  }

  /**
   * Checks what attaching would do here.
   *
   * @return what does it
   * @throws IllegalArgumentException if the decay cannot be attached here
   */
  public Runnable plan() {
    List<Regularization> before = regularizations == null ? List.of() : regularizations;
    List<Regularization> after = new ArrayList<>(before);
    after.removeIf(DecoupledWeightDecay.class::isInstance);
    boolean carries = updater instanceof DecayingUpdater a && a.getWeightDecay() > 0;
    boolean decays = carries && decay != null;
    if (decays) {
      DecayingUpdater carrier = (DecayingUpdater) updater;
      refuseSecondDecay(after, carrier);
      after.add(decay.apply(carrier.getWeightDecay()));
    }
    return () -> {
      if (!after.equals(before)) {
        setRegularizations.accept(after);
      }
      if (carries) {
        DecayingUpdater carrier = (DecayingUpdater) updater;
        if (!carrier.isDecayAttached() || carrier.isDecayExpected() != decays) {
          setUpdater.accept(carrier.attached(decays));
        }
      }
    };
  }

  private void refuseSecondDecay(List<Regularization> others, DecayingUpdater carrier) {
    for (Regularization other : others) {
      if (other instanceof WeightDecay || other instanceof L2Regularization) {
        throw new IllegalArgumentException(
            String.format(
                "%s have %s already and would decay twice, also by weightDecay %s of %s; keep one"
                    + " of the two",
                name, other, carrier.getWeightDecay(), carrier.getClass().getSimpleName()));
      }
    }
  }
}
