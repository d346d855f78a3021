package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dl4jx.integration.documentation.JavaSources.PublicType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of the libraries is documented. */
class PublicClassesTest {

  @ParameterizedTest
  @ValueSource(strings = {"schedules", "updaters"})
  void haveAnExample(String module) {
    List<PublicType> types =
        Repository.CHECKOUT.sources(module).types().stream()
            // Those of other packages are the inside of these.
            .filter(type -> type.name().matches("org\\.dl4jx\\." + module + "\\.\\w+"))
            .toList();

    assertThat(types).isNotEmpty();
    assertThat(types.stream().filter(type -> type.examples() == 0).map(PublicType::place))
        .as("without an example in the class comment")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"schedules", "updaters"})
  void areDescribedMemberByMember(String module) {
    assertThat(Repository.CHECKOUT.sources(module).missingComments()).isEmpty();
  }
}
