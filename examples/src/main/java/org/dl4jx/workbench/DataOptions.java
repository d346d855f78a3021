package org.dl4jx.workbench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.datasets.fetchers.MnistDataFetcher;
import org.dl4jx.workbench.data.Cifar10;
import org.dl4jx.workbench.data.Cifar10Search;
import org.dl4jx.workbench.data.DamagedFileException;
import org.dl4jx.workbench.data.DataNotFoundException;
import org.dl4jx.workbench.data.EmbeddedMnist;
import org.dl4jx.workbench.data.ImageData;
import org.dl4jx.workbench.data.MissingFileException;
import org.dl4jx.workbench.data.Mnist;
import org.dl4jx.workbench.data.MnistSearch;
import org.dl4jx.workbench.data.NoCacheException;
import org.dl4jx.workbench.files.CannotWriteException;
import org.dl4jx.workbench.files.UserPath;
import org.dl4jx.workbench.models.NamedModel;
import picocli.CommandLine.Option;

/** The options that choose the data, for every command that trains. */
final class DataOptions {
  private static final String VARIABLE = "DL4JX_DATA";

  /** In the user's home folder. */
  private static final String CACHE = ".dl4jx";

  /** What {@code --dataset} allows. */
  enum Choice {
    AUTO,
    MNIST,
    MNIST_EMBEDDED,
    CIFAR10;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = {"--dataset", "--data"},
      paramLabel = "<set>",
      defaultValue = "auto",
      description = {
        "The images: mnist; mnist-embedded, its first 10,000 training and 2,000 test images, which"
            + " come with the program; cifar10; or auto, which is mnist or, if that can be neither"
            + " found nor downloaded, mnist-embedded. Default: ${DEFAULT-VALUE}"
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
      description = "Folder for what is downloaded or unpacked. Default: ~/" + CACHE)
  private Path cacheDir;

  /** The network that suits the images. */
  NamedModel usualModel() {
    return choice == Choice.CIFAR10 ? NamedModel.CNN : NamedModel.MLP;
  }

  /**
   * The most training images that may be found, so that options can be checked before data are
   * looked for.
   */
  int mostTrainExamples() {
    return switch (choice) {
      case CIFAR10 -> Cifar10.TRAIN;
      case MNIST_EMBEDDED -> EmbeddedMnist.TRAIN;
      default -> MnistDataFetcher.NUM_EXAMPLES;
    };
  }

  /** The most epochs that are usual for what may be found. */
  int mostEpochs() {
    return switch (choice) {
      case CIFAR10 -> Cifar10.USUAL_EPOCHS;
      case MNIST -> Mnist.USUAL_EPOCHS;
      default -> EmbeddedMnist.USUAL_EPOCHS;
    };
  }

  /**
   * The images that the options ask for.
   *
   * @param err told of a download, and of data that are used in place of others
   */
  ImageData images(PrintWriter err) throws IOException {
    Path cache =
        cacheDir != null ? cacheDir : UserPath.home().map(h -> h.resolve(CACHE)).orElse(null);
    return images(new MnistSearch(cache), new Cifar10Search(cache), System.getenv(VARIABLE), err);
  }

  ImageData images(MnistSearch mnist, Cifar10Search cifar10, String variable, PrintWriter err)
      throws IOException {
    if (choice == Choice.MNIST_EMBEDDED) {
      return new EmbeddedMnist();
    }
    try {
      Optional<Path> named = named(variable);
      if (named.isPresent()) {
        return in(named.get(), mnist, cifar10);
      }
      return choice == Choice.CIFAR10
          ? cifar10.anywhere(notice -> tell(notice, err))
          : new Mnist(mnist.anywhere());
    } catch (DataNotFoundException e) {
      if (choice != Choice.AUTO) {
        throw new DataNotFoundException(
            e.getMessage() + "; name a folder that has it with --data-dir or " + VARIABLE);
      }
      return embedded("could not be downloaded (--dataset mnist says why)", err);
    } catch (CannotWriteException | NoCacheException e) {
      String failure = e.getMessage() + "; name another folder with --cache-dir";
      if (choice != Choice.AUTO || named(variable).isPresent()) {
        throw new IOException(failure, e);
      }
      return embedded("could not be stored (" + failure + ")", err);
    }
  }

  /** The folder that the user has named, if it may have the images. */
  private Optional<Path> named(String variable) throws IOException {
    if (dataDir != null) {
      return Optional.of(dataDir);
    } else if (variable == null || variable.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(UserPath.parse(VARIABLE, variable))
          .filter(folder -> choice != Choice.AUTO || !MnistSearch.hasOnlyOtherData(folder));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ImageData in(Path folder, MnistSearch mnist, Cifar10Search cifar10) throws IOException {
    try {
      return choice == Choice.CIFAR10 ? cifar10.in(folder) : new Mnist(mnist.in(folder));
    } catch (MissingFileException e) {
      throw new IOException(
          String.format(
              "%s names %s, but %s",
              dataDir != null ? "--data-dir" : VARIABLE, folder, e.getMessage()),
          e);
    } catch (DamagedFileException e) {
      String remedy = e.getMessage().contains("delete it") ? "" : "; get it again";
      throw new DamagedFileException(e.getMessage() + remedy, e);
    }
  }

  private static ImageData embedded(String reason, PrintWriter err) {
    EmbeddedMnist embedded = new EmbeddedMnist();
    tell(
        String.format(
            Locale.ROOT,
            "MNIST was not found and %s; using the %,d training and %,d test images that come with"
                + " the program",
            reason,
            embedded.trainExamples(),
            embedded.testExamples()),
        err);
    return embedded;
  }

  private static void tell(String notice, PrintWriter err) {
    err.println(notice);
    err.flush();
  }
}
