package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jx.examples.data.DigitImages;
import org.dl4jx.examples.data.DrawnDigits;
import org.dl4jx.examples.data.Mnist;
import org.dl4jx.examples.data.MnistNotFoundException;
import org.dl4jx.examples.data.MnistSearch;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The batches that networks are trained on: MNIST, or digits drawn by the program without it. */
final class TrainingImages {
  private static final String VARIABLE = "DL4JX_DATA";
  private static final int BATCH = 64;
  private static final int BATCHES = 50;

  private final DigitImages images;

  private TrainingImages(DigitImages images) {
    this.images = images;
  }

  static TrainingImages find() throws IOException {
    MnistSearch search =
        new MnistSearch(Path.of(System.getProperty("user.home")).resolve(".dl4jx"));
    String folder = System.getenv(VARIABLE);
    try {
      return new TrainingImages(
          new Mnist(
              folder == null || folder.isEmpty()
                  ? search.anywhere()
                  : search.in(Path.of(folder), VARIABLE)));
    } catch (MnistNotFoundException e) {
      return new TrainingImages(new DrawnDigits());
    }
  }

  /** Says what they are, without where. */
  String description() {
    return images instanceof Mnist ? "MNIST" : images.description();
  }

  List<DataSet> batches() throws IOException {
    DataSetIterator iterator = images.train(BATCH, BATCH * BATCHES, 42);
    List<DataSet> batches = new ArrayList<>();
    while (iterator.hasNext()) {
      batches.add(iterator.next());
    }
    return batches;
  }
}
