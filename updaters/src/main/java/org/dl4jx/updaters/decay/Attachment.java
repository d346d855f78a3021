package org.dl4jx.updaters.decay;

import java.util.function.BiPredicate;

/**
 * What to attach.
 *
 * @param biasesToo whether biases decay too
 * @param replaces whether it replaces another decay of the same weights
 * @param filter decides by the names of layer and parameter which ones may decay
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
