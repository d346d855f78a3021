package org.dl4jx.workbench.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.averaging.WeightAverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedAverageTest {
  private static final RunLength RUN = new RunLength(50, 8, 0.1);

  private static WeightAverage created(String text) {
    return NamedAverage.labelled(text).create(RUN);
  }

  @Test
  void settingsHaveTheNamesOfTheBuilder() {
    assertThat(created("ema( decay = 0.9, warmup=true,debias=true,start=3,every=2 )"))
        .hasToString(
            ExponentialMovingAverage.builder()
                .decay(0.9)
                .warmup(true)
                .debias(true)
                .start(3)
                .every(2)
                .build()
                .toString());
    assertThat(created("ema")).hasToString(new ExponentialMovingAverage().toString());
  }

  @Test
  void swaStartsAfterThreeQuartersUnlessToldOtherwise() {
    assertThat(created("swa").getStart()).isEqualTo(300);
    assertThat(created("swa(type=epoch)").getStart()).isEqualTo(6);
    assertThat(created("swa(start=7,every=50)").getStart()).isEqualTo(7);
    assertThat(created("swa(start=7,every=50)").getEvery()).isEqualTo(50);
  }

  @Test
  void severalOfOneKindHaveDifferentNames() {
    assertThat(created("ema(decay=0.9)").getName())
        .isNotEqualTo(created("ema(decay=0.99)").getName())
        .isNotEqualTo(created("ema").getName());
    assertThat(new NamedAverage.ListConverter().convert("ema(decay=0.9,every=2),swa"))
        .containsExactly(
            NamedAverage.labelled("ema(decay=0.9,every=2)"), NamedAverage.labelled("swa"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "emma | unknown average 'emma'; did you mean ema?",
        "ema(decay=2) | ema: decay must be in [0, 1), but was 2.0; its form is ema(",
        "ema(decoy=0.5) | unknown key 'decoy' (the nearest is decay)",
        "ema(decay=0.5 | ')' is missing at the end",
        "ema(decay) | 'decay' is not of the form key=value",
        "ema(decay=0.5,decay=0.6) | decay is given twice",
        "ema(decay=x) | decay must be a finite number, but was x",
        "ema(name=x) | unknown key 'name'",
        "swa(every=0) | every must be a number >= 1, but was 0",
        "swa(type=year) | type must be epoch or iteration, but was year"
      })
  void mistakesAreNamedWithTheRightForm(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamedAverage.labelled(text))
        .withMessageContaining(message);
  }
}
