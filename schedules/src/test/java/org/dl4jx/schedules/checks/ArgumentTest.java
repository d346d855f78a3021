package org.dl4jx.schedules.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, Double.MIN_VALUE, 1, Double.MAX_VALUE})
  void notNegativeAllowsZeroAndAbove(double value) {
    assertThat(Argument.notNegative("x", value)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NaN})
  void notNegativeRefusesTheRest(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Argument.notNegative("x", value))
        .withMessage("x must be a finite number >= 0, but was " + value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1, Double.MAX_VALUE})
  void positiveAllowsAboveZero(double value) {
    assertThat(Argument.positive("x", value)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.POSITIVE_INFINITY, Double.NaN})
  void positiveRefusesTheRest(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Argument.positive("x", value))
        .withMessage("x must be a finite number > 0, but was " + value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9999999999999999})
  void rateAllowsZeroToBelowOne(double value) {
    assertThat(Argument.rate("x", value)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-Double.MIN_VALUE, 1, Double.NaN})
  void rateRefusesTheRest(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Argument.rate("x", value))
        .withMessage("x must be in [0, 1), but was " + value);
  }

  @Test
  void givenRefusesNull() {
    assertThat(Argument.given("x", "y")).isEqualTo("y");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Argument.given("x", null))
        .withMessage("x must not be null");
  }
}
