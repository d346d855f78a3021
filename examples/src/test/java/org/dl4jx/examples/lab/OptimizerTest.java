package org.dl4jx.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jx.examples.notation.NamedUpdater;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.RmsProp;

class OptimizerTest {
  @Test
  void updatersOfOneIdeaShareAPanel() {
    Map<Family, String> names =
        NamedUpdater.values().stream()
            .collect(
                Collectors.groupingBy(
                    updater -> Family.of(updater.create(1, 0)),
                    Collectors.mapping(NamedUpdater::label, Collectors.joining(", "))));

    assertThat(names)
        .containsEntry(Family.MOMENTUM, "nesterovs, sgd")
        .containsEntry(Family.AVERAGED, "nesterovs-averaged, nesterovs-quarters")
        .containsEntry(Family.ADAM, "adam, adam-weight-decay, adamw")
        .containsEntry(Family.BOUNDED, "dl4j-amsgrad, amsgrad, adabound, amsbound");
  }

  @Test
  void whatIsUnknownHasAPanelAndIsDrawnAsItIs() {
    Optimizer unknown = new Optimizer("unknown", RmsProp::new);
    StateScale scale = StateScale.of(unknown.at(0.1), 0.1);

    assertThat(unknown.family()).isEqualTo(Family.OTHERS);
    assertThat(scale.label("G")).isEqualTo("G");
    assertThat(scale.inUnitsOfTheGradient("G", 0.25, 3)).isEqualTo(0.25);
    assertThat(Response.of(unknown, Signal.SQUARE).states()).hasSize(1);
  }
}
