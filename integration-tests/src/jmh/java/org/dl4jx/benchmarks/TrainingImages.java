package org.dl4jx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jx.workbench.data.DataNotFoundException;
import org.dl4jx.workbench.data.DrawnDigits;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.nd4j.linalg.dataset.DataSet;

/** The batches that networks are trained on: MNIST, or digits drawn by the program without it. */
final class TrainingImages {
  private static final String VARIABLE = "DL4JX_DATA";
  private static final int BATCH = 64;
  private static final int BATCHES = 50;

  private final ImageData images;

  private TrainingImages(ImageData images) {
    this.images = images;
  }

  static TrainingImages find() throws IOException {
    MnistSearch search =
        new MnistSearch(Path.of(System.getProperty("user.home")).resolve(".dl4jx"));
    String folder = System.getenv(VARIABLE);
    try {
      return new TrainingImages(
          new Mnist(
              folder == null || folder.isEmpty() ? search.anywhere() : search.in(Path.of(folder))));
    } catch (DataNotFoundException e) {
      return new TrainingImages(new DrawnDigits());
    }
  }

  /** Says what they are, without where. */
  String description() {
    return images instanceof Mnist ? "MNIST" : images.description();
  }

  List<DataSet> batches() throws IOException {
    Images train = images.train();
    int[] order = train.order(42, 0);
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(train.batch(order, i * BATCH, (i + 1) * BATCH));
    }
    return batches;
  }
}
