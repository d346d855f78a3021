package org.dl4jx.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an example printed.
 *
 * @param out to the standard output
 * @param err to the standard error, where logs go
 */
record Printed(String out, String err) {
  /** A main method. */
  @FunctionalInterface
  interface Example {
    void main(String[] args) throws Exception;
  }

  static Printed by(Example example) throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream toOut = new ByteArrayOutputStream();
    ByteArrayOutputStream toErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
    try {
      example.main(new String[0]);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return new Printed(
        toOut.toString(StandardCharsets.UTF_8), toErr.toString(StandardCharsets.UTF_8));
  }

  /** The numbers that follow a phrase, in the order of the lines. */
  List<Double> numbersAfter(String phrase) {
    return Pattern.compile(Pattern.quote(phrase) + " *([0-9.]+)")
        .matcher(out)
        .results()
        .map((MatchResult found) -> Double.valueOf(found.group(1)))
        .toList();
  }

  double lastNumberAfter(String phrase) {
    List<Double> numbers = numbersAfter(phrase);
    return numbers.get(numbers.size() - 1);
  }
}
