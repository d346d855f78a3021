package org.dl4jx.examples.spark;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.input.PortableDataStream;
import org.apache.spark.storage.StorageLevel;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.files.UserPath;
import scala.Tuple2;

/**
 * MNIST, spread over a cluster. Each image has a number, so that an order can be given to them
 * wherever they are.
 *
 * @param description where they come from
 * @param train the training images by number, from 0
 * @param test the test images
 * @param trainExamples number of training images
 * @param testExamples number of test images
 */
record SparkImages(
    String description,
    JavaPairRDD<Integer, LabelledImage> train,
    JavaPairRDD<Integer, LabelledImage> test,
    int trainExamples,
    int testExamples) {

  private static final String VARIABLE = "DL4JX_DATA";

  /**
   * The folder of the environment variable DL4JX_DATA, or the images that come with the program.
   */
  static SparkImages ofProgram(JavaSparkContext spark, int partitions) throws IOException {
    ImageData data = data();
    Images train = data.train();
    Images test = data.test();
    return new SparkImages(
        data.description(),
        spread(spark, train, partitions),
        spread(spark, test, partitions),
        train.count(),
        test.count());
  }

  private static ImageData data() throws IOException {
    Optional<Path> folder =
        Optional.ofNullable(System.getenv(VARIABLE))
            .filter(named -> !named.isEmpty())
            .map(named -> UserPath.parse(VARIABLE, named))
            .filter(named -> !MnistSearch.hasOnlyOtherData(named));
    if (folder.isEmpty()) {
      return new EmbeddedMnist();
    }
    Path cache = UserPath.home().map(home -> home.resolve(".dl4jx")).orElse(null);
    return new Mnist(new MnistSearch(cache).in(folder.get()));
  }

  private static JavaPairRDD<Integer, LabelledImage> spread(
      JavaSparkContext spark, Images images, int partitions) {
    List<Tuple2<Integer, LabelledImage>> numbered =
        IntStream.range(0, images.count())
            .mapToObj(i -> new Tuple2<>(i, new LabelledImage(images.pixels(i), images.label(i))))
            .toList();
    return spark.parallelizePairs(new ArrayList<>(numbered), partitions);
  }

  /**
   * Reads the four files of MNIST through Spark.
   *
   * @param folder a folder, by a path or URI that Spark understands on all machines
   */
  static SparkImages in(JavaSparkContext spark, String folder, int partitions) {
    JavaPairRDD<Integer, LabelledImage> train = read(spark, folder + "/train", partitions);
    JavaPairRDD<Integer, LabelledImage> test = read(spark, folder + "/t10k", partitions);
    return new SparkImages(
        "MNIST in " + folder, train, test, (int) train.count(), (int) test.count());
  }

  private static JavaPairRDD<Integer, LabelledImage> read(
      JavaSparkContext spark, String part, int partitions) {
    List<byte[]> labels = records(spark, part + "-labels-idx1-ubyte", 1).values().collect();
    Broadcast<List<byte[]>> shared = spark.broadcast(new ArrayList<>(labels));
    JavaPairRDD<Integer, LabelledImage> images =
        records(spark, part + "-images-idx3-ubyte", 3)
            .mapToPair(
                image ->
                    new Tuple2<>(
                        image._1(),
                        new LabelledImage(image._2(), shared.value().get(image._1())[0])))
            .repartition(partitions);
    return images.persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** The numbered records of a file, gzipped or not. */
  private static JavaPairRDD<Integer, byte[]> records(
      JavaSparkContext spark, String file, int dimensions) {
    // A pattern, because either file may be there.
    return spark
        .binaryFiles(file + "{,.gz}")
        .flatMapToPair(named -> new IdxFile(named._1(), dimensions).records(named._2()).iterator());
  }

  /**
   * A file of bytes with dimensions in front.
   *
   * @param name for messages
   * @param dimensions their number
   */
  private record IdxFile(String name, int dimensions) implements Serializable {
    private static final int BYTES = 0x800;

    List<Tuple2<Integer, byte[]>> records(PortableDataStream file) throws IOException {
      try (DataInputStream in = new DataInputStream(new BufferedInputStream(unpacked(file)))) {
        int start = in.readInt();
        if (start != BYTES + dimensions) {
          throw new IOException(
              String.format(
                  "%s must be an IDX file of bytes with %d dimensions, but starts with %08x",
                  name, dimensions, start));
        }
        int count = in.readInt();
        int length = 1;
        for (int i = 1; i < dimensions; i++) {
          length *= in.readInt();
        }
        List<Tuple2<Integer, byte[]>> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          byte[] bytes = new byte[length];
          in.readFully(bytes);
          records.add(new Tuple2<>(i, bytes));
        }
        return records;
      }
    }

    private InputStream unpacked(PortableDataStream file) throws IOException {
      return name.endsWith(".gz") ? new GZIPInputStream(file.open()) : file.open();
    }
  }
}
