package org.dl4jx.workbench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jx.updaters.Lion;
import org.dl4jx.updaters.catalog.NamedOptimizer.Need;
import org.dl4jx.workbench.notation.NamedUpdater;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void updatersOfOneIdeaShareAPanel() {
    Map<Kind, List<String>> names =
        NamedUpdater.values().stream()
            .collect(
                Collectors.groupingBy(
                    updater -> Kind.of(updater.create(1, 0)),
                    Collectors.mapping(NamedUpdater::label, Collectors.toList())));

    assertThat(names.get(Kind.MOMENTUM)).contains("nesterovs", "sgd");
    assertThat(names.get(Kind.AVERAGED)).contains("nesterovs-averaged", "nesterovs-quarters");
    assertThat(names.get(Kind.ADAM)).contains("adam", "adam-weight-decay", "adamw");
    assertThat(names.get(Kind.SUMS)).contains("rmsprop", "dl4j-adagrad", "adagrad", "adadelta");
    assertThat(names.get(Kind.BOUNDED)).contains("dl4j-amsgrad", "amsgrad", "adabound", "amsbound");
  }

  @Test
  void noPanelHasMoreLinesThanCanBeToldApart() {
    Map<Kind, Long> lines =
        NamedUpdater.values().stream()
            .filter(updater -> !updater.penalizesWeights() && updater.need() == Need.NOTHING)
            .collect(
                Collectors.groupingBy(
                    updater -> Kind.of(updater.create(1, 0)), Collectors.counting()));

    assertThat(lines.values())
        .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(Palette.values().length));
  }

  @Test
  void whatIsUnknownHasAPanelAndIsDrawnAsItIs() {
    Optimizer unknown = new Optimizer("unknown", rate -> new Lion(rate, 0));
    StateScale scale = StateScale.of(unknown.at(0.1), 0.1);

    assertThat(unknown.kind()).isEqualTo(Kind.OTHERS);
    assertThat(scale.label("G")).isEqualTo("G");
    assertThat(scale.inUnitsOfTheGradient("G", 0.25, 3)).isEqualTo(0.25);
    assertThat(Response.of(unknown, Signal.SQUARE).states()).hasSize(1);
  }
}
