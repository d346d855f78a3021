package org.dl4jx.workbench.notation;

import static org.dl4jx.schedules.checks.Argument.refusal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.ITypeConverter;

/**
 * A schedule as written on the command line: {@code name(key=value,...)}, where a value may be
 * another schedule, {@code name(piece,piece,...)}, or the name alone if every key has a default.
 * {@link ScheduleForm} lists the names and keys.
 */
public final class ScheduleNotation {
  /** The peak of a schedule that leaves it to an updater, if there is no updater. */
  public static final double ANY_RATE = 1;

  private final String text;
  private final ScheduleForm form;
  private final Map<String, Object> values;
  private final List<Object> pieces;

  /** Each value or piece is a word or another notation. */
  private ScheduleNotation(
      String text, ScheduleForm form, Map<String, Object> values, List<Object> pieces) {
    this.text = text;
    this.form = form;
    this.values = values;
    this.pieces = pieces;
  }

  /**
   * Reads a notation. Values that depend on the length of the run are checked when the schedule is
   * created.
   *
   * @param text the notation
   * @return the schedule in this notation
   * @throws IllegalArgumentException if it is wrong; the message has the right form
   */
  @JsonCreator
  public static ScheduleNotation parse(String text) {
    ScheduleNotation notation = new Reader(text).all();
    notation.schedule(RunLength.ANY, ANY_RATE);
    return notation;
  }

  /**
   * Creates the schedule.
   *
   * @param run the length of the run, for values that the notation leaves out
   * @param rate the learning rate of the updater, for notations that leave it out
   * @return the schedule
   * @throws IllegalArgumentException if a value is outside its range
   */
  public ISchedule schedule(RunLength run, double rate) {
    try {
      return form.create(new Arguments(by(), run, rate));
    } catch (WrongNotationException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw wrong(form, e.getMessage());
    }
  }

  /**
   * Whether the notation leaves out the rate, so that each updater uses its own.
   *
   * @return true if {@link #schedule} uses its {@code rate}
   */
  public boolean usesRate() {
    boolean own =
        form.keys().stream()
            .anyMatch(key -> "rate".equals(key.defaultValue()) && !values.containsKey(key.name()));
    return own || nested().anyMatch(ScheduleNotation::usesRate);
  }

  /**
   * Whether it is the constant rate of each updater.
   *
   * @return true for {@code constant}
   */
  public boolean isUsualConstant() {
    return form == ScheduleForm.CONSTANT && usesRate();
  }

  /**
   * Whether it is a schedule of the momentum, or made of one.
   *
   * @return true if it cannot be that of a learning rate
   */
  public boolean isMomentum() {
    return form.isMomentum() || nested().anyMatch(ScheduleNotation::isMomentum);
  }

  private Stream<ScheduleNotation> nested() {
    return Stream.concat(values.values().stream(), pieces.stream())
        .filter(ScheduleNotation.class::isInstance)
        .map(ScheduleNotation.class::cast);
  }

  /**
   * The learning rate to create an updater with: its own, if the notation leaves it out, else the
   * greatest.
   *
   * @param run the length of the run
   * @param rate the learning rate of the updater
   * @return the rate
   */
  public double peak(RunLength run, double rate) {
    return usesRate() ? rate : greatest(run, rate);
  }

  /**
   * The greatest learning rate of a run.
   *
   * @param run the length of the run
   * @param rate the learning rate of the updater
   * @return the greatest value of the schedule in the run
   */
  public double greatest(RunLength run, double rate) {
    ISchedule schedule = schedule(run, rate);
    return IntStream.range(0, run.iterations())
        .mapToDouble(i -> schedule.valueAt(i, run.epoch(i)))
        .max()
        .orElseThrow();
  }

  /**
   * The kind of schedule.
   *
   * @return its form
   */
  public ScheduleForm form() {
    return form;
  }

  /**
   * The unit it counts: the given one, else that of the first schedule inside it, else iterations.
   *
   * @return the unit
   */
  public ScheduleType by() {
    if (values.containsKey("by")) {
      return constant(form, "by", String.valueOf(values.get("by")), ScheduleType.class);
    }
    return nested().findFirst().map(ScheduleNotation::by).orElse(ScheduleType.ITERATION);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScheduleNotation notation && notation.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The notation without spaces. */
  @Override
  @JsonValue
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
      constants.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    if (!constants.containsKey(word)) {
      throw wrong(form, refusal(key, word, String.join(" or ", constants.keySet())));
    }
    return constants.get(word);
  }

  /** Has a message that already names the form. */
  private static final class WrongNotationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    WrongNotationException(String message) {
      super(message);
    }
  }

  /** The arguments of a form, with defaults for those that are not given. */
  final class Arguments {
    private final ScheduleType by;
    private final RunLength run;
    private final double rate;

    private Arguments(ScheduleType by, RunLength run, double rate) {
      this.by = by;
      this.run = run;
      this.rate = rate;
    }

    ScheduleType by() {
      return by;
    }

    double number(String key) {
      return number(key, word(key));
    }

    private double number(String name, String word) {
      try {
        return Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw wrong(form, refusal(name, word, "a number"));
      }
    }

    int steps(String key) {
      return steps(key, word(key));
    }

    private int steps(String name, String word) {
      try {
        return new BigDecimal(word).intValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(form, refusal(name, word, "a whole number"));
      }
    }

    boolean yesOrNo(String key) {
      return switch (word(key)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(form, refusal(key, word(key), "true or false"));
      };
    }

    <E extends Enum<E>> E word(String key, Class<E> type) {
      return constant(form, key, word(key), type);
    }

    ISchedule schedule(String key) {
      return schedule(key, value(key));
    }

    /** Whether the value is {@code none}, as usual by default. */
    boolean isNone(String key) {
      return word(key).equals("none");
    }

    void checkLeftOut(String key, String other) {
      if (values.containsKey(key)) {
        throw wrong(form, refusal(key, values.get(key), "left out beside " + other));
      }
    }

    List<ISchedule> schedulePieces() {
      return pieces("schedule", piece -> schedule("a piece", piece));
    }

    List<Integer> stepPieces() {
      return pieces("step", piece -> steps("a step", String.valueOf(piece)));
    }

    List<Double> valuePieces() {
      return pieces("value", piece -> number("a value", String.valueOf(piece)));
    }

    private <T> List<T> pieces(String kind, Function<Object, T> reader) {
      int count = pieces.size();
      if (count > 0 && form.pieceAt(count - 1).equals("step")) {
        throw wrong(form, "a " + form.pieceAt(count) + " is missing at the end");
      }
      return IntStream.range(0, count)
          .filter(i -> form.pieceAt(i).equals(kind))
          .mapToObj(i -> reader.apply(pieces.get(i)))
          .toList();
    }

    private ISchedule schedule(String name, Object value) {
      if (value instanceof ScheduleNotation notation) {
        return notation.schedule(run, rate);
      }
      throw wrong(form, refusal(name, value, "a schedule"));
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
      switch (byDefault) {
        case "steps":
          return run.steps(by);
        case "share":
          return run.warmupSteps(by);
        case "rate":
          return rate;
        default:
      }
      boolean otherKey = form.keys().stream().anyMatch(k -> k.name().equals(byDefault));
      return otherKey ? value(byDefault) : byDefault;
    }
  }

  /** Reads from left to right. */
  private static final class Reader {
    private static final String MARKS = "(),=";
    private static final int DEEPEST = 50;

    private final String text;
    private int at;
    private int depth;

    Reader(String text) {
      this.text = text.replaceAll("\\s", "");
    }

    ScheduleNotation all() {
      ScheduleNotation notation = schedule(word());
      if (at < text.length()) {
        String what =
            text.charAt(at) == ')'
                ? "unbalanced parenthesis: one ')' too many"
                : "unexpected '" + text.substring(at) + "' at the end";
        throw wrong(notation.form, what);
      }
      return notation;
    }

    /** After its name. */
    private ScheduleNotation schedule(String name) {
      if (++depth > DEEPEST) {
        throw new WrongNotationException(
            String.format("schedules must be nested at most %d deep, but are deeper", DEEPEST));
      }
      ScheduleNotation notation = afterCheck(name);
      depth--;
      return notation;
    }

    private ScheduleNotation afterCheck(String name) {
      int start = at - name.length();
      List<String> labels = ScheduleForm.labels();
      ScheduleForm form =
          ScheduleForm.labelled(labels.contains(name) ? name : Names.nearest(name, labels));
      if (!labels.contains(name)) {
        throw new WrongNotationException(
            String.format("unknown schedule '%s'; did you mean %s?", name, form.form()));
      }
      Map<String, Object> values = new LinkedHashMap<>();
      List<Object> pieces = new ArrayList<>();
      if (next('(') && !next(')')) {
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
                  "unknown key '%s' (the nearest is %s)", word, Names.nearest(word, keys)));
        }
        if (values.put(word, value(form, word(), form.takesSchedule(word))) != null) {
          throw wrong(form, word + " is given twice");
        }
      } else if (form.takesPieces()) {
        pieces.add(value(form, word, form.pieceAt(pieces.size()).equals("schedule")));
      } else {
        throw wrong(form, "'" + word + "' is not of the form key=value");
      }
    }

    private Object value(ScheduleForm form, String word, boolean scheduleExpected) {
      boolean brackets = at < text.length() && text.charAt(at) == '(';
      if (brackets || scheduleExpected && ScheduleForm.labels().contains(word)) {
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

  /** Reads a schedule from the command line. */
  public static final class Converter implements ITypeConverter<ScheduleNotation> {
    /** Used by picocli. */
    public Converter() {}

    @Override
    public ScheduleNotation convert(String text) {
      return Conversion.of(text, ScheduleNotation::parse);
    }
  }

  /** Reads schedules separated by commas. Each may have commas within its parentheses. */
  public static final class ListConverter implements ITypeConverter<List<ScheduleNotation>> {
    /** Used by picocli. */
    public ListConverter() {}

    @Override
    public List<ScheduleNotation> convert(String text) {
      return Names.split(text).stream().map(new Converter()::convert).toList();
    }
  }
}
