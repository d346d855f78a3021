package org.dl4jx.examples;

import static org.dl4jx.schedules.checks.Argument.check;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --seeds} says: how many, or which.
 *
 * @param count how many; 0 if they are listed
 * @param listed the seeds, if there are two or more
 */
record SeedList(int count, List<Long> listed) {
  private static final int MOST = 10_000;

  /** The seeds, counted from {@code first} if they are not listed. */
  List<Long> from(long first) {
    return listed.isEmpty() ? LongStream.range(first, first + count).boxed().toList() : listed;
  }

  /** Reads {@code 5} or {@code 1,2,7}. */
  static final class Converter implements ITypeConverter<SeedList> {
    @Override
    public SeedList convert(String text) {
      try {
        List<Long> numbers = Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
        if (numbers.size() > 1) {
          check(
              numbers.stream().distinct().count() == numbers.size(),
              "--seeds",
              text,
              "every seed once");
          return new SeedList(0, numbers);
        }
        long count = numbers.get(0);
        check(count >= 1 && count <= MOST, "--seeds", text, "a number of seeds, 1 to " + MOST);
        return new SeedList((int) count, List.of());
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            String.format("'%s' is neither a number of seeds nor a list such as 1,2,7", text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
