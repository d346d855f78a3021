package org.dl4jx.updaters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class RepeatedBatchIteratorTest {

  private static DataSetIterator numbers(int batches) {
    List<DataSet> examples = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      examples.add(new DataSet(Nd4j.valueArrayOf(1, 4, (double) i), Nd4j.ones(1, 3)));
    }
    return new ListDataSetIterator<>(examples, 1);
  }

  private static List<Integer> drain(DataSetIterator iterator) {
    List<Integer> seen = new ArrayList<>();
    while (iterator.hasNext()) {
      seen.add(iterator.next().getFeatures().getInt(0));
    }
    return seen;
  }

  @Test
  void returnsEveryBatchSeveralTimesInARow() {
    RepeatedBatchIterator repeated = new RepeatedBatchIterator(numbers(3), 2);

    assertThat(drain(repeated)).containsExactly(0, 0, 1, 1, 2, 2);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(repeated::next);
  }

  @Test
  void startsOverInTheMiddleOfABatch() {
    RepeatedBatchIterator repeated = new RepeatedBatchIterator(numbers(2), 3);
    repeated.next();

    repeated.reset();

    assertThat(drain(repeated)).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void multipliesTheIterationsOfANetwork() {
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.mlp(new Sgd(0.1)));
    network.init();

    network.fit(new RepeatedBatchIterator(numbers(5), 3), 2);

    assertThat(network.getIterationCount()).isEqualTo(2 * 5 * 3);
  }

  @Test
  void onceEqualsTheIteratorItself() {
    assertThat(drain(new RepeatedBatchIterator(numbers(3), 1))).containsExactly(0, 1, 2);
  }

  @Test
  void returnsBatchesOfTheRequestedSize() {
    RepeatedBatchIterator repeated = new RepeatedBatchIterator(numbers(4), 2);

    assertThat(repeated.next(2).numExamples()).isEqualTo(2);
    assertThat(repeated.next(2).getFeatures().getInt(0)).isZero();
    assertThat(repeated.next(2).getFeatures().getInt(0)).isEqualTo(2);
  }

  @Test
  void delegatesToTheIteratorThatItRepeats() {
    DataSetIterator inner = numbers(4);
    RepeatedBatchIterator repeated = new RepeatedBatchIterator(inner, 2);
    DataSetPreProcessor scaling = data -> data.getFeatures().muli(10);

    repeated.setPreProcessor(scaling);

    assertThat(inner.getPreProcessor()).isSameAs(scaling).isSameAs(repeated.getPreProcessor());
    assertThat(repeated.batch()).isEqualTo(inner.batch());
    assertThat(repeated.inputColumns()).isEqualTo(4);
    assertThat(repeated.totalOutcomes()).isEqualTo(3);
    assertThat(repeated.getLabels()).isEqualTo(inner.getLabels());
    assertThat(repeated.resetSupported()).isEqualTo(inner.resetSupported());
    assertThat(repeated.asyncSupported()).isFalse();
  }

  @Test
  void namesBadArguments() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepeatedBatchIterator(numbers(1), 0))
        .withMessage("times must be a number >= 1, but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepeatedBatchIterator(null, 1))
        .withMessage("batches must not be null");
  }
}
