package org.dl4jx.workbench.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserPathTest {
  @Test
  void noPathIsRefusedWithItsName() {
    assertThatThrownBy(() -> UserPath.parse("--output", ""))
        .hasMessage("--output must be a path, where . is the current folder, but was empty");
    assertThatThrownBy(() -> UserPath.parse("DL4JX_DATA", "a\0b"))
        .hasMessageStartingWith("DL4JX_DATA must be a path in the characters of this system, ")
        .hasMessageEndingWith(", but was a\0b");
    assertThat(UserPath.parse("--output", ".")).isEqualTo(Path.of("."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "", "relative"})
  void aUserMayHaveNoHome(String home) {
    String before = System.setProperty("user.home", home);
    try {
      assertThat(UserPath.home()).isEmpty();
      assertThat(UserPath.of(Path.of("relative", "x"))).isEqualTo("relative/x");
    } finally {
      System.setProperty("user.home", before);
    }
  }

  @Test
  void theHomeIsShownAsATilde() {
    Path home = Path.of(System.getProperty("user.home"));

    assertThat(UserPath.of(home.resolve("x"))).isEqualTo("~/x");
  }
}
