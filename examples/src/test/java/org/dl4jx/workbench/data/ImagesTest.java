package org.dl4jx.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class ImagesTest {
  /** Image i has the one pixel i; three quarters are of class 0, one quarter of class 1. */
  private static Images images(int count) {
    byte[][] pixels = new byte[count][];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = new byte[] {(byte) i};
      labels[i] = (byte) (i < 3 * count / 4 ? 0 : 1);
    }
    return new Images(pixels, labels, Scaling.GREY);
  }

  private static DataSet all(Images images) {
    int count = images.count();
    return images.batch(IntStream.range(0, count).toArray(), 0, count);
  }

  private static int[] pixels(Images images) {
    return Arrays.stream(all(images).getFeatures().mul(255).toDoubleVector())
        .mapToInt(v -> (int) Math.round(v))
        .toArray();
  }

  @Test
  void everyBeginningOfTheStratifiedOrderHasTheClassesInProportion() {
    Images stratified = images(200).stratified();

    for (int n = 1; n <= 200; n++) {
      double ofClassOne = all(stratified.first(n)).getLabels().sum(0).getDouble(1);
      assertThat(ofClassOne).isCloseTo(n / 4.0, within(1.0));
    }
    assertThat(pixels(stratified)).containsExactlyInAnyOrder(IntStream.range(0, 200).toArray());
  }

  @Test
  void theStratifiedOrderIsShuffledAndAlwaysTheSame() {
    assertThat(images(200).stratified().md5())
        .isEqualTo(images(200).stratified().md5())
        .isNotEqualTo(images(200).md5());
    int[] ofClassZero =
        Arrays.stream(pixels(images(200).stratified())).filter(p -> p < 150).toArray();
    assertThat(ofClassZero).isNotEqualTo(Arrays.stream(ofClassZero).sorted().toArray());
  }

  @Test
  void theFirstAndTheLastImagesHaveNoneInCommon() {
    Images stratified = images(100).stratified();

    assertThat(pixels(stratified.first(60))).doesNotContain(pixels(stratified.last(40)));
  }

  @Test
  void theOrderOfAnEpochFollowsFromSeedAndEpoch() {
    Images images = images(50);

    assertThat(images.order(7, 2)).isEqualTo(images.order(7, 2));
    assertThat(images.order(7, 2)).isNotEqualTo(images.order(7, 3));
    assertThat(images.order(7, 2)).isNotEqualTo(images.order(8, 2));
    assertThat(images.order(7, 2)).containsExactlyInAnyOrder(IntStream.range(0, 50).toArray());
  }

  @Test
  void aBatchHoldsTheImagesOfItsPlaces() {
    DataSet batch = images(100).batch(new int[] {9, 80, 5}, 1, 3);

    assertThat(batch.getFeatures().toFloatVector()).containsExactly(80 / 255f, 5 / 255f);
    assertThat(batch.getLabels().argMax(1).toIntVector()).containsExactly(1, 0);
  }

  @Test
  void eachChannelIsStandardizedByItsOwnMeanAndDeviation() {
    Scaling scaling = new Scaling(new float[] {0.5f, 0}, new float[] {0.25f, 1});

    assertThat(scaling.scale(new byte[] {(byte) 255, 0, (byte) 255, 0}))
        .containsExactly(2, -2, 1, 0);
  }
}
