package org.dl4jx.examples;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A schedule as it is written on the command line: {@code name(key=value,...)}, where a value may
 * be a schedule again. {@link ScheduleForm} lists the names and keys.
 */
final class ScheduleNotation {
  private final String text;
  private final ScheduleForm form;
  private final Map<String, Object> values;
  private final List<Object> pieces;

  /** Values and pieces are words or notations. */
  private ScheduleNotation(
      String text, ScheduleForm form, Map<String, Object> values, List<Object> pieces) {
    this.text = text;
    this.form = form;
    this.values = values;
    this.pieces = pieces;
  }

  /**
   * Reads a notation. What depends on the length of the run is checked when the schedule is made.
   *
   * @throws IllegalArgumentException that says what is wrong and which form would be right
   */
  static ScheduleNotation parse(String text) {
    ScheduleNotation notation = new Reader(text).all();
    notation.schedule(Integer.MAX_VALUE, Integer.MAX_VALUE);
    return notation;
  }

  /**
   * Makes the schedule.
   *
   * @param iterations the total, if the notation gives none and counts by iterations
   * @param epochs the total, if the notation gives none and counts by epochs
   * @throws IllegalArgumentException if a value is outside its range
   */
  ISchedule schedule(int iterations, int epochs) {
    try {
      return form.create(new Arguments(by(), iterations, epochs));
    } catch (WrongNotationException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw wrong(form, e.getMessage());
    }
  }

  ScheduleForm form() {
    return form;
  }

  /** By what it counts: as said, else as the first schedule in it does, else by iterations. */
  ScheduleType by() {
    if (values.containsKey("by")) {
      return constant(form, "by", String.valueOf(values.get("by")), ScheduleType.class);
    }
    for (List<Object> inner : List.of(List.copyOf(values.values()), pieces)) {
      for (Object value : inner) {
        if (value instanceof ScheduleNotation notation) {
          return notation.by();
        }
      }
    }
    return ScheduleType.ITERATION;
  }

  /** As it was written, without spaces. */
  @Override
  public String toString() {
    return text;
  }

  private static WrongNotationException wrong(ScheduleForm form, String what) {
    return new WrongNotationException(
        String.format("%s: %s; its form is %s", form.label(), what, form.form()));
  }

  private static <E extends Enum<E>> E constant(
      ScheduleForm form, String key, String word, Class<E> type) {
    Map<String, E> constants = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      constants.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    if (!constants.containsKey(word)) {
      String allowed = String.join(" or ", constants.keySet());
      throw wrong(form, key + "=" + word + "; allowed is " + allowed);
    }
    return constants.get(word);
  }

  /** What is wrong is already said. */
  private static final class WrongNotationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    WrongNotationException(String message) {
      super(message);
    }
  }

  /** The arguments of a form, with the defaults for what is not given. */
  final class Arguments {
    private final ScheduleType by;
    private final int iterations;
    private final int epochs;

    private Arguments(ScheduleType by, int iterations, int epochs) {
      this.by = by;
      this.iterations = iterations;
      this.epochs = epochs;
    }

    ScheduleType by() {
      return by;
    }

    double number(String key) {
      String word = word(key);
      try {
        return Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw wrong(form, key + "=" + word + " is not a number");
      }
    }

    int steps(String key) {
      return steps(key + "=", word(key));
    }

    private int steps(String prefix, String word) {
      try {
        return new BigDecimal(word).intValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(form, prefix + word + " is not a whole number");
      }
    }

    boolean yesOrNo(String key) {
      return switch (word(key)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(form, key + "=" + word(key) + "; allowed is true or false");
      };
    }

    <E extends Enum<E>> E word(String key, Class<E> type) {
      return constant(form, key, word(key), type);
    }

    ISchedule schedule(String key) {
      return schedule(key + "=", value(key));
    }

    List<ISchedule> pieces() {
      checkAlternation();
      List<ISchedule> schedules = new ArrayList<>();
      for (int i = 0; i < pieces.size(); i += 2) {
        schedules.add(schedule("", pieces.get(i)));
      }
      return schedules;
    }

    List<Integer> boundaries() {
      List<Integer> steps = new ArrayList<>();
      for (int i = 1; i < pieces.size(); i += 2) {
        steps.add(steps("", String.valueOf(pieces.get(i))));
      }
      return steps;
    }

    private void checkAlternation() {
      if (pieces.size() % 2 == 0) {
        throw wrong(form, "a schedule is missing at the end");
      }
    }

    private ISchedule schedule(String prefix, Object value) {
      if (value instanceof ScheduleNotation notation) {
        return notation.schedule(iterations, epochs);
      }
      throw wrong(form, prefix + value + " is not a schedule");
    }

    private String word(String key) {
      return String.valueOf(value(key));
    }

    private Object value(String key) {
      Object value = values.get(key);
      if (value != null) {
        return value;
      }
      String byDefault =
          form.keys().stream()
              .filter(k -> k.name().equals(key))
              .findFirst()
              .orElseThrow()
              .defaultValue();
      if (byDefault == null) {
        throw wrong(form, key + " is missing");
      }
      if (byDefault.equals("steps")) {
        return by == ScheduleType.EPOCH ? epochs : iterations;
      }
      boolean otherKey = form.keys().stream().anyMatch(k -> k.name().equals(byDefault));
      return otherKey ? value(byDefault) : byDefault;
    }
  }

  /** Reads from left to right. */
  private static final class Reader {
    private static final String MARKS = "(),=";

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text.replaceAll("\\s", "");
    }

    ScheduleNotation all() {
      ScheduleNotation notation = schedule(word());
      if (at < text.length()) {
        String what =
            text.charAt(at) == ')'
                ? "unbalanced parenthesis: one ')' too many"
                : "nothing may follow, but there is " + text.substring(at);
        throw wrong(notation.form, what);
      }
      return notation;
    }

    /** After its name. */
    private ScheduleNotation schedule(String name) {
      int start = at - name.length();
      List<String> labels = ScheduleForm.labels();
      ScheduleForm form =
          ScheduleForm.labelled(labels.contains(name) ? name : NearestWord.to(name, labels));
      if (!labels.contains(name)) {
        throw new WrongNotationException(
            String.format("'%s' is no schedule; the nearest is %s", name, form.form()));
      }
      if (!next('(')) {
        throw wrong(form, "there is no '(' after its name");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      List<Object> pieces = new ArrayList<>();
      if (!next(')')) {
        do {
          argument(form, values, pieces);
        } while (next(','));
        if (!next(')')) {
          throw wrong(
              form,
              at == text.length()
                  ? "unbalanced parenthesis: ')' is missing at the end"
                  : "expected ',' or ')' before " + text.substring(at));
        }
      }
      return new ScheduleNotation(text.substring(start, at), form, values, pieces);
    }

    private void argument(ScheduleForm form, Map<String, Object> values, List<Object> pieces) {
      String word = word();
      if (next('=')) {
        List<String> keys = form.keys().stream().map(ScheduleForm.Key::name).toList();
        if (!keys.contains(word)) {
          throw wrong(
              form,
              String.format(
                  "there is no key '%s', the nearest is %s", word, NearestWord.to(word, keys)));
        }
        if (values.put(word, value(form, word())) != null) {
          throw wrong(form, word + " is given twice");
        }
      } else if (form.isSequence()) {
        pieces.add(value(form, word));
      } else {
        throw wrong(form, "'" + word + "' is not of the form key=value");
      }
    }

    private Object value(ScheduleForm form, String word) {
      if (at < text.length() && text.charAt(at) == '(') {
        return schedule(word);
      }
      if (word.isEmpty()) {
        throw wrong(form, "a value is missing after " + text.substring(0, at));
      }
      return word;
    }

    private String word() {
      int start = at;
      while (at < text.length() && MARKS.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private boolean next(char mark) {
      boolean there = at < text.length() && text.charAt(at) == mark;
      if (there) {
        at++;
      }
      return there;
    }
  }

  /** Reads a schedule on the command line. */
  static final class Converter implements ITypeConverter<ScheduleNotation> {
    @Override
    public ScheduleNotation convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
