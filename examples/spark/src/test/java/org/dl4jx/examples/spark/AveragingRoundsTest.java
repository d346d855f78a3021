package org.dl4jx.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AveragingRoundsTest {
  @ParameterizedTest
  @CsvSource({"100,5,2,3", "100,5,2,100", "100,7,3,1", "10,5,2,1", "1000,3,7,4"})
  void everyWorkerOfARoundGetsEquallyManyWholeBatches(
      int examples, int batchSize, int workers, int frequency) {
    AveragingRounds rounds = new AveragingRounds(examples, batchSize, workers, frequency);
    int[] sizes = new int[rounds.partitions()];
    IntStream.range(0, rounds.used()).forEach(place -> sizes[rounds.partition(place)]++);

    assertThat(examples - rounds.used()).isBetween(0, batchSize * workers - 1);
    for (int partition = 0; partition < sizes.length; partition++) {
      assertThat(sizes[partition]).isEqualTo(batchSize * rounds.batches(partition / workers));
    }
    assertThat(IntStream.range(0, rounds.perEpoch()).map(rounds::batches).sum())
        .isEqualTo(rounds.iterationsPerEpoch());
  }

  @Test
  void tooFewImagesForTheWorkersAreAnError() {
    assertThatThrownBy(() -> new AveragingRounds(100, 51, 2, 1))
        .hasMessage(
            "--batch-size must be at most 50, for 2 workers to share 100 images, but was 51");
  }
}
