package org.dl4jx.updaters.decay;

import java.util.function.BiPredicate;

/**
 * What is to be attached.
 *
 * @param biasesToo whether biases decay as well
 * @param replaces whether it takes the place of another decay of the same weights
 * @param filter tells which parameters may decay, by the names of layer and parameter
 */
public record Attachment(boolean biasesToo, boolean replaces, BiPredicate<String, String> filter) {

  boolean decays(String layer, LayerParameter parameter) {
    boolean mayDecay =
        switch (parameter.role()) {
          case WEIGHT -> true;
          case BIAS -> biasesToo;
          case GAIN, OTHER -> false;
        };
    return mayDecay && filter.test(layer, parameter.name());
  }
}
