package org.dl4jx.workbench.notation;

import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/** Turns words on the command line into values. */
public final class Conversion {
  private Conversion() {}

  /**
   * Reads a value.
   *
   * @param <T> type of the value
   * @param text the word
   * @param reader throws an {@link IllegalArgumentException} if the word is wrong
   * @return the value
   * @throws TypeConversionException with the reader's message
   */
  public static <T> T of(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
