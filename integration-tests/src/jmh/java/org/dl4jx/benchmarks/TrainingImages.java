package org.dl4jx.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.Images;
import org.nd4j.linalg.dataset.DataSet;

/** The batches of MNIST that networks are trained on. */
final class TrainingImages {
  private static final int BATCH = 64;
  private static final int BATCHES = 50;

  private TrainingImages() {}

  static List<DataSet> batches() throws IOException {
    Images train = new EmbeddedMnist().train();
    int[] order = train.order(42, 0);
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(train.batch(order, i * BATCH, (i + 1) * BATCH));
    }
    return batches;
  }
}
