package org.dl4jx.schedules.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.annotation.JsonPOJOBuilder;

class GivenTest {

  /** Created by a builder, like updaters. */
  @JsonDeserialize(builder = Builder.class)
  record Built(double rate, boolean marked, double[] points, Double optional) {}

  @JsonPOJOBuilder(withPrefix = "")
  @JsonAutoDetect(setterVisibility = Visibility.PUBLIC_ONLY)
  static final class Builder {
    private double rate = 0.5;
    private boolean marked = true;
    private double[] points = {1};
    private Double optional = 7.0;

    @Given
    public Builder rate(double rate) {
      this.rate = rate;
      return this;
    }

    @Given
    @JsonProperty("marked")
    Builder marked(boolean marked) {
      this.marked = marked;
      return this;
    }

    @Given
    public Builder points(double[] points) {
      this.points = points;
      return this;
    }

    public Builder optional(Double optional) {
      this.optional = optional;
      return this;
    }

    public Built build() {
      return new Built(rate, marked, points, optional);
    }
  }

  /** Created by a constructor, like values with arrays. */
  static final class Created {
    private final double[] points;
    private final int count;

    @JsonCreator
    private Created(
        @JsonProperty("points") @Given double[] points, @Given @JsonProperty("count") int count) {
      this.points = points;
      this.count = count;
    }
  }

  /** Has a new property that older files do not have. */
  record Grown(
      @Given int count,
      @Given(mayBeMissing = true) boolean marked,
      @Given(mayBeMissing = true) String word) {}

  private static <T> T read(String json, Class<T> type) throws Exception {
    return JsonMappers.getMapper().readValue(json.replace('\'', '"'), type);
  }

  @Test
  void aMissingPropertyKeepsTheBuildersDefault() throws Exception {
    Built built = read("{}", Built.class);

    assertThat(built.rate()).isEqualTo(0.5);
    assertThat(built.marked()).isTrue();
    assertThat(built.points()).containsExactly(1);
    assertThat(built.optional()).isEqualTo(7);
  }

  @Test
  void aPropertyThatMayBeMissingIsThenNullOrFalse() throws Exception {
    assertThat(read("{'count':1}", Grown.class)).isEqualTo(new Grown(1, false, null));
    assertThat(read("{'count':1,'marked':true,'word':'x'}", Grown.class))
        .isEqualTo(new Grown(1, true, "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'count':1,'marked':null} | marked must not be null",
        "{'count':1,'word':null} | word must not be null",
        "{'marked':true} | count is missing",
      })
  void aPropertyThatMayBeMissingMayNotBeNull(String json, String message) {
    assertThatThrownBy(() -> read(json, Grown.class))
        .hasMessageStartingWith(message + "\n")
        .hasMessageContaining(Grown.class.getName());
  }

  @Test
  void readsGivenProperties() throws Exception {
    Built built = read("{'rate':0.25,'marked':false,'points':[2,3],'optional':null}", Built.class);
    Created created = read("{'points':[2,3],'count':4}", Created.class);

    assertThat(built.rate()).isEqualTo(0.25);
    assertThat(built.marked()).isFalse();
    assertThat(built.points()).containsExactly(2, 3);
    assertThat(built.optional()).isNull();
    assertThat(created.points).containsExactly(2, 3);
    assertThat(created.count).isEqualTo(4);
  }

  @Test
  void numbersMayBeText() throws Exception {
    assertThat(read("{'rate':'0.25'}", Built.class).rate()).isEqualTo(0.25);
    assertThat(read("{'rate':'NaN'}", Built.class).rate()).isNaN();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'rate':null} | rate must not be null",
        "{'rate':''} | rate must not be null",
        "{'rate':' null '} | rate must not be null",
        "{'marked':null} | marked must not be null",
        "{'marked':''} | marked must not be null",
        "{'points':null} | points must not be null",
        "{'points':[1,null]} | Invalid `null` value encountered for property \"points\""
      })
  void aBuilderMethodRefusesNull(String json, String message) {
    assertThatThrownBy(() -> read(json, Built.class))
        .hasMessageStartingWith(message + "\n")
        .hasMessageContaining(Builder.class.getName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'points':null,'count':1} | points must not be null",
        "{'points':[null],'count':1} | Invalid `null` value encountered for property \"points\"",
        "{'points':[1],'count':null} | count must not be null",
        "{'points':[1]} | count is missing",
        "{'count':1} | points is missing"
      })
  void aCreatorRefusesNullAndMissingProperties(String json, String message) {
    assertThatThrownBy(() -> read(json, Created.class))
        .hasMessageStartingWith(message + "\n")
        .hasMessageContaining(Created.class.getName());
  }
}
