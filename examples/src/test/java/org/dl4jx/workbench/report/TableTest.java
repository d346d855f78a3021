package org.dl4jx.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table TABLE = new Table(1, "a", "b", "c").row("x", 1, 2).row("y", 3, 4);

  @Test
  void aColumnCanBeLeftOut() {
    assertThat(TABLE.without("b").toCsv()).isEqualTo("a,c\nx,2\ny,4\n");
    assertThat(TABLE.toCsv()).isEqualTo("a,b,c\nx,1,2\ny,3,4\n");
  }

  @Test
  void withoutAColumnOfWordsTheRestAreStillNumbers() {
    assertThat(TABLE.without("a").isText(0)).isFalse();
    assertThat(TABLE.without("c").isText(0)).isTrue();
  }

  @Test
  void aColumnThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> TABLE.without("d"))
        .hasMessage("name must be one of [a, b, c], but was d");
  }
}
