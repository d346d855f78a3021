package org.dl4jx.workbench;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.refusal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.dl4jx.workbench.notation.Conversion;
import picocli.CommandLine.ITypeConverter;

/**
 * The value of {@code --seeds}: a number of seeds, or a list of them.
 *
 * @param count the number; 0 if there is a list
 * @param listed the list; empty if there is a number
 */
record SeedList(int count, List<Long> listed) {
  private static final int MOST = 10_000;

  /** The name of the value in errors, in which picocli names the option. */
  private static final String VALUE = "the value";

  /**
   * The seeds; a number of them is counted from {@code first}.
   *
   * @throws IllegalArgumentException if the last of them would be too great
   */
  List<Long> from(long first) {
    if (!listed.isEmpty()) {
      return listed;
    }
    check(
        first <= Long.MAX_VALUE - (count - 1),
        "--seed",
        first,
        "at most " + (Long.MAX_VALUE - (count - 1)) + " for " + count + " seeds");
    return LongStream.rangeClosed(first, first + count - 1).boxed().toList();
  }

  private static SeedList parse(String text) {
    List<Long> numbers;
    try {
      numbers = Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          refusal(VALUE, text, "a number of seeds or a list such as 1,2,7"), e);
    }
    if (numbers.size() > 1) {
      check(
          numbers.stream().distinct().count() == numbers.size(),
          VALUE,
          text,
          "a list of different seeds");
      return new SeedList(0, numbers);
    }
    long count = numbers.get(0);
    check(count >= 1 && count <= MOST, VALUE, text, "a number of seeds from 1 to " + MOST);
    return new SeedList((int) count, List.of());
  }

  /** Reads {@code 5} or {@code 1,2,7}. */
  static final class Converter implements ITypeConverter<SeedList> {
    @Override
    public SeedList convert(String text) {
      return Conversion.of(text, SeedList::parse);
    }
  }
}
