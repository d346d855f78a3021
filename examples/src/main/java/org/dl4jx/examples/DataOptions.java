package org.dl4jx.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.dl4jx.examples.data.DigitImages;
import org.dl4jx.examples.data.DrawnDigits;
import org.dl4jx.examples.data.Mnist;
import org.dl4jx.examples.data.MnistNotFoundException;
import org.dl4jx.examples.data.MnistSearch;
import picocli.CommandLine.Option;

/** The options that choose the data, for every command that trains. */
final class DataOptions {
  private static final String VARIABLE = "DL4JX_DATA";

  /** What {@code --data} allows. */
  enum Choice {
    AUTO,
    MNIST,
    DIGITS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--data",
      paramLabel = "<set>",
      defaultValue = "auto",
      description = {
        "The images: mnist; digits, which the program draws itself; auto, which is mnist where it"
            + " can be had and digits elsewhere. Default: ${DEFAULT-VALUE}"
      })
  private Choice choice;

  @Option(
      names = "--data-dir",
      paramLabel = "<dir>",
      description = {
        "Folder with the four files of MNIST in mnist/, gzipped or unpacked. Default: the"
            + " environment variable "
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

  /**
   * The images that the options ask for.
   *
   * @param err where to say that the program draws its own
   */
  DigitImages images(PrintWriter err) throws IOException {
    return images(new MnistSearch(cacheDir), System.getenv(VARIABLE), err);
  }

  DigitImages images(MnistSearch search, String variable, PrintWriter err) throws IOException {
    if (choice == Choice.DIGITS) {
      return new DrawnDigits();
    } else if (dataDir != null) {
      return new Mnist(search.in(dataDir, "--data-dir"));
    } else if (variable != null && !variable.isEmpty()) {
      return new Mnist(search.in(Path.of(variable), VARIABLE));
    }
    try {
      return new Mnist(search.anywhere());
    } catch (MnistNotFoundException e) {
      if (choice == Choice.MNIST) {
        throw e;
      }
      warn(e.getMessage(), err);
      return new DrawnDigits();
    }
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
