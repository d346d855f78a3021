package org.dl4jx.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.MathArrays;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.dl4jx.workbench.data.Cifar10;
import org.dl4jx.workbench.data.Cifar10Search;
import org.dl4jx.workbench.data.DataNotFoundException;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.Images;
import org.dl4jx.workbench.data.MissingFileException;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.data.NoCacheException;
import org.dl4jx.workbench.files.UserPath;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The images of the examples, as Deeplearning4j iterators. In your own program, use your {@code
 * DataSetIterator} instead.
 *
 * <p>{@code -Ddl4jx.examples.limit=5000} makes a quick trial with that many images, all of which
 * come with the program.
 */
final class ExampleData {
  private final Images train;
  private final Images test;

  private ExampleData(ImageData data, int limit) throws IOException {
    train = first(limit, data.train());
    test = first(limit, data.test());
    System.out.printf(
        "Data: %s, %,d training images, %,d test images%n",
        data.description(), train.count(), test.count());
  }

  private static Images first(int limit, Images images) {
    return limit < images.count() ? images.stratified().first(limit) : images;
  }

  /** MNIST; if it is not on this machine and cannot be downloaded, the embedded part of it. */
  static ExampleData mnist() throws IOException {
    return limit() <= new EmbeddedMnist().trainExamples()
        ? new ExampleData(new EmbeddedMnist(), limit())
        : mnist(new MnistSearch(cache()), folder());
  }

  static ExampleData mnist(MnistSearch search, Optional<Path> folder) throws IOException {
    Optional<Path> named = folder.filter(f -> !MnistSearch.hasOnlyOtherData(f));
    try {
      Path mnist = named.isPresent() ? search.in(named.get()) : search.anywhere();
      return new ExampleData(new Mnist(mnist), limit());
    } catch (DataNotFoundException | NoCacheException e) {
      System.out.println(
          "MNIST was not found and could not be downloaded; using its embedded part. Set the"
              + " environment variable DL4JX_DATA to a folder that has all of it.");
      return new ExampleData(new EmbeddedMnist(), limit());
    }
  }

  /** CIFAR-10; empty, after a line that says where it goes, if it is not on this machine. */
  static Optional<ExampleData> cifar10() throws IOException {
    Optional<Cifar10> found = findCifar10(new Cifar10Search(cache()));
    if (found.isEmpty()) {
      System.out.println(
          "CIFAR-10 was not found. Put cifar-10-binary.tar.gz from"
              + " https://www.cs.toronto.edu/~kriz/cifar.html into a folder, and set the"
              + " environment variable DL4JX_DATA to that folder.");
      return Optional.empty();
    }
    return Optional.of(new ExampleData(found.get(), limit()));
  }

  private static Optional<Cifar10> findCifar10(Cifar10Search search) throws IOException {
    if (folder().isEmpty()) {
      return search.cached();
    }
    try {
      return Optional.of(search.in(folder().get()));
    } catch (MissingFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> folder() {
    return Optional.ofNullable(System.getenv("DL4JX_DATA")).filter(s -> !s.isEmpty()).map(Path::of);
  }

  private static Path cache() {
    return UserPath.home().map(home -> home.resolve(".dl4jx")).orElse(null);
  }

  private static int limit() {
    return Integer.getInteger("dl4jx.examples.limit", Integer.MAX_VALUE);
  }

  int trainExamples() {
    return train.count();
  }

  /** The training images, in a new order in every pass. The orders follow from the seed. */
  DataSetIterator train(int batchSize, long seed) {
    AtomicInteger epoch = new AtomicInteger();
    return batches(train, batchSize, () -> train.order(seed, epoch.getAndIncrement()));
  }

  /** The test images, always in the same order. */
  DataSetIterator test(int batchSize) {
    return batches(test, batchSize, () -> MathArrays.natural(test.count()));
  }

  /** Makes the batches one by one: a byte per pixel stays in memory, where a float takes four. */
  private static DataSetIterator batches(Images images, int batchSize, Supplier<int[]> orders) {
    return new ExistingDataSetIterator(
        () -> {
          int[] order = orders.get();
          return IntStream.iterate(0, from -> from < order.length, from -> from + batchSize)
              .mapToObj(from -> images.batch(order, from, Math.min(order.length, from + batchSize)))
              .iterator();
        });
  }

  /** Training images of some digits, whose classes are 0, 1, ... in the order of the arguments. */
  DataSet trainDigits(int examples, long seed, int... digits) {
    return only(train(examples, seed).next(), digits);
  }

  DataSet testDigits(int... digits) {
    return only(test(test.count()).next(), digits);
  }

  private static DataSet only(DataSet images, int... digits) {
    images.filterAndStrip(digits);
    return images;
  }

  /** Sentences whose verb depends on the noun: "the cat sees the dog", "the cats see the dog". */
  static String sentences() {
    String[] nouns = {"cat", "dog", "bird", "teacher", "painter"};
    String[] verbs = {"see", "like", "follow", "find"};
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(limit(), 5_000); i++) {
      String form = random.nextBoolean() ? "the %s %ss the %s.\n" : "the %ss %s the %s.\n";
      text.append(String.format(form, any(nouns, random), any(verbs, random), any(nouns, random)));
    }
    return text.toString();
  }

  private static String any(String[] words, Random random) {
    return words[random.nextInt(words.length)];
  }
}
