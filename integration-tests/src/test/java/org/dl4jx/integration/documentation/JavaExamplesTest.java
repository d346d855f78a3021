package org.dl4jx.integration.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The Java in the documentation compiles, runs, and has the results that it shows. */
class JavaExamplesTest {

  @TestFactory
  Stream<DynamicTest> examplesOfSchedulesRun() {
    return tests(Repository.CHECKOUT.sources("schedules").examples());
  }

  @TestFactory
  Stream<DynamicTest> examplesOfUpdatersRun() {
    return tests(Repository.CHECKOUT.sources("updaters").examples());
  }

  @TestFactory
  Stream<DynamicTest> examplesInDocumentsRun() {
    return tests(
        Repository.CHECKOUT.documents().stream()
            .flatMap(document -> document.examples().stream())
            .toList());
  }

  private static Stream<DynamicTest> tests(List<Example> examples) {
    assertThat(examples).isNotEmpty();
    return examples.stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.place(1),
                    () -> {
                      example.whyNotCompiled().ifPresent(why -> abort("not compiled: " + why));
                      runInTime(example);
                    }));
  }

  /**
   * Without a limit, an iterator that fails to download its data would keep fit waiting for ever.
   */
  private static ExampleContext runInTime(Example example) {
    return assertTimeoutPreemptively(Duration.ofMinutes(5), example::run, example.place(1));
  }

  @Test
  void readmeBeginsWithCodeThatTrains() {
    List<Example> examples = Repository.CHECKOUT.document("README.md").examples();
    assertThat(examples).isNotEmpty();
    ExampleContext context = runInTime(examples.get(0));
    MultiLayerNetwork network = context.kept("network", MultiLayerNetwork.class);
    assertThat(network).as("the network of README's first example").isNotNull();
    DataSetIterator own = context.kept("train", DataSetIterator.class);
    DataSetIterator train = own == null ? context.train : own;
    MultiLayerNetwork untrained =
        new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
    untrained.init();

    assertThat(loss(network, train)).isLessThan(loss(untrained, train));
  }

  private static double loss(MultiLayerNetwork network, DataSetIterator data) {
    double sum = 0;
    data.reset();
    while (data.hasNext()) {
      sum += network.score(data.next());
    }
    return sum;
  }
}
