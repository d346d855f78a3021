package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jx.updaters.Lion;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void updatersOfOneIdeaShareAPanel() {
    Map<Family, List<String>> names =
        NamedUpdater.values().stream()
            .collect(
                Collectors.groupingBy(
                    updater -> Family.of(updater.create(1, 0)),
                    Collectors.mapping(NamedUpdater::label, Collectors.toList())));

    assertThat(names.get(Family.MOMENTUM)).contains("nesterovs", "sgd");
    assertThat(names.get(Family.AVERAGED)).contains("nesterovs-averaged", "nesterovs-quarters");
    assertThat(names.get(Family.ADAM)).contains("adam", "adam-weight-decay", "adamw");
    assertThat(names.get(Family.SUMS)).contains("rmsprop", "dl4j-adagrad", "adagrad", "adadelta");
    assertThat(names.get(Family.BOUNDED))
        .contains("dl4j-amsgrad", "amsgrad", "adabound", "amsbound");
  }

  @Test
  void whatIsUnknownHasAPanelAndIsDrawnAsItIs() {
    Optimizer unknown = new Optimizer("unknown", rate -> new Lion(rate, 0));
    StateScale scale = StateScale.of(unknown.at(0.1), 0.1);

    assertThat(unknown.family()).isEqualTo(Family.OTHERS);
    assertThat(scale.label("G")).isEqualTo("G");
    assertThat(scale.inUnitsOfTheGradient("G", 0.25, 3)).isEqualTo(0.25);
    assertThat(Response.of(unknown, Signal.SQUARE).states()).hasSize(1);
  }
}
