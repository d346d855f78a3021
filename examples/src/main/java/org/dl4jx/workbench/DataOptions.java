package org.dl4jx.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.deeplearning4j.datasets.fetchers.MnistDataFetcher;
import org.dl4jx.workbench.data.Cifar10;
import org.dl4jx.workbench.data.Cifar10Search;
import org.dl4jx.workbench.data.DataNotFoundException;
import org.dl4jx.workbench.data.DrawnDigits;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.MissingFileException;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.models.NamedModel;
import picocli.CommandLine.Option;

/** The options that choose the data, for every command that trains. */
final class DataOptions {
  private static final String VARIABLE = "DL4JX_DATA";

  /** What {@code --dataset} allows. */
  enum Choice {
    AUTO,
    MNIST,
    CIFAR10,
    DRAWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"--dataset", "--data"},
      paramLabel = "<set>",
      defaultValue = "auto",
      description = {
        "The images: mnist; cifar10; drawn, which are digits that the program draws itself; auto,"
            + " which is mnist where it can be had and drawn elsewhere. Default: ${DEFAULT-VALUE}"
      })
  private Choice choice;

  @Option(
      names = "--data-dir",
      paramLabel = "<dir>",
      description = {
        "Folder with the four files of MNIST in mnist/, gzipped or unpacked, and with cifar10.zip"
            + " or cifar-10-binary.tar.gz."
            + " Default: the environment variable "
            + VARIABLE
            + "; else DL4J's cache, --cache-dir, and a download are tried in this order"
      })
  private Path dataDir;

  @Option(
      names = "--cache-dir",
      paramLabel = "<dir>",
      defaultValue = "${sys:user.home}/.dl4jx",
      description = "Folder for what is downloaded or unpacked. Default: ${DEFAULT-VALUE}")
  private Path cacheDir;

  /** The network that suits the images. */
  NamedModel usualModel() {
    return choice == Choice.CIFAR10 ? NamedModel.CNN : NamedModel.MLP;
  }

  /** How many training images there usually are, so that options can be checked before reading. */
  int usualTrainExamples() {
    return switch (choice) {
      case CIFAR10 -> Cifar10.TRAIN;
      case DRAWN -> new DrawnDigits().trainExamples();
      default -> MnistDataFetcher.NUM_EXAMPLES;
    };
  }

  /**
   * The images that the options ask for.
   *
   * @param err where to say that the program draws its own
   */
  ImageData images(PrintWriter err) throws IOException {
    return images(
        new MnistSearch(cacheDir), new Cifar10Search(cacheDir), System.getenv(VARIABLE), err);
  }

  ImageData images(MnistSearch mnist, Cifar10Search cifar10, String variable, PrintWriter err)
      throws IOException {
    boolean named = dataDir != null || variable != null && !variable.isEmpty();
    if (choice == Choice.DRAWN) {
      return new DrawnDigits();
    } else if (named) {
      Path folder = dataDir != null ? dataDir : Path.of(variable);
      String namedBy = dataDir != null ? "--data-dir" : VARIABLE;
      try {
        return choice == Choice.CIFAR10 ? cifar10.in(folder) : new Mnist(mnist.in(folder));
      } catch (MissingFileException e) {
        throw new IOException(
            String.format("%s names %s, but %s", namedBy, folder, e.getMessage()), e);
      }
    }
    try {
      return choice == Choice.CIFAR10
          ? cifar10.anywhere(notice -> tell(notice, err))
          : new Mnist(mnist.anywhere());
    } catch (DataNotFoundException e) {
      if (choice != Choice.AUTO) {
        throw new DataNotFoundException(
            e.getMessage() + "; name a folder that has it: --data-dir, or " + VARIABLE);
      }
      warn(e.getMessage(), err);
      return new DrawnDigits();
    }
  }

  private static void tell(String notice, PrintWriter err) {
    err.println(notice);
    err.flush();
  }

  private static void warn(String reason, PrintWriter err) {
    String rule = "*".repeat(80);
    err.println(rule);
    err.println(
        "NO MNIST: training on digits that the program draws itself. The numbers below say");
    err.println(
        "nothing about MNIST. For MNIST, name a folder with its files: --data-dir, or "
            + VARIABLE
            + ".");
    err.println(reason);
    err.println(rule);
    err.flush();
  }
}
