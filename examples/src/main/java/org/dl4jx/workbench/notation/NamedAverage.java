package org.dl4jx.workbench.notation;

import static org.dl4jx.schedules.checks.Argument.check;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dl4jx.averaging.ExponentialMovingAverage;
import org.dl4jx.averaging.StochasticWeightAverage;
import org.dl4jx.averaging.WeightAverage;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.ITypeConverter;

/**
 * An average of weights as written on the command line: {@code ema} or {@code swa}, alone or with
 * settings, as in {@code ema(decay=0.99)}. The settings have the names of the builder's methods.
 */
public final class NamedAverage {
  /** Where the paper on stochastic weight averaging starts. */
  private static final double START_OF_SWA = 0.75;

  private static final String START = "start";

  private static final NamedAverage EMA =
      new NamedAverage("ema", ExponentialMovingAverage.Builder::new, 0);

  private static final NamedAverage SWA =
      new NamedAverage("swa", StochasticWeightAverage.Builder::new, START_OF_SWA);

  private final String name;
  private final String label;
  private final Map<String, String> settings;
  private final Supplier<WeightAverage.Builder<?>> builder;

  /** The share of a run after which it starts, unless its settings say where. */
  private final double usualStart;

  private NamedAverage(String name, Supplier<WeightAverage.Builder<?>> builder, double usualStart) {
    this(name, name, Map.of(), builder, usualStart);
  }

  private NamedAverage(
      String name,
      String label,
      Map<String, String> settings,
      Supplier<WeightAverage.Builder<?>> builder,
      double usualStart) {
    this.name = name;
    this.label = label;
    this.settings = settings;
    this.builder = builder;
    this.usualStart = usualStart;
  }

  /**
   * Reads an average.
   *
   * @param text its name, alone or with settings
   * @return the average
   * @throws IllegalArgumentException if it is wrong; the message has the nearest name or the right
   *     form
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static NamedAverage labelled(String text) {
    return Settings.labelled(
        text, "average", List.of(EMA, SWA), NamedAverage::label, NamedAverage::with);
  }

  private NamedAverage with(String bracketed) {
    Settings all = new Settings(builder.get());
    Map<String, String> given = Settings.parse(bracketed, all.names(), what -> wrong(what, all));
    NamedAverage average = new NamedAverage(name, name + bracketed, given, builder, usualStart);
    try {
      average.configured().build();
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage(), all);
    }
    return given.isEmpty() ? this : average;
  }

  private IllegalArgumentException wrong(String what, Settings all) {
    return new IllegalArgumentException(
        String.format("%s: %s; its form is %s", name, what, all.form(name, builder.get().build())));
  }

  private WeightAverage.Builder<?> configured() {
    WeightAverage.Builder<?> configured = builder.get();
    Settings all = new Settings(configured);
    settings.forEach(all::set);
    return configured;
  }

  /**
   * Makes the average.
   *
   * @param run the length of the training
   * @return a new average
   * @throws IllegalArgumentException if it starts after the end
   */
  public WeightAverage create(RunLength run) {
    WeightAverage.Builder<?> configured = configured();
    WeightAverage given = configured.build();
    int length = given.getType() == ScheduleType.EPOCH ? run.epochs() : run.iterations();
    if (!settings.containsKey(START)) {
      configured.start((int) (usualStart * length));
    }
    check(
        given.getStart() < length,
        "the start of " + label,
        given.getStart(),
        "a number below " + length + ", the length of a run");
    return configured.name(label.replaceAll("[^A-Za-z0-9._-]", "_")).build();
  }

  /**
   * The name with its settings.
   *
   * @return a name such as {@code ema} or {@code ema(decay=0.99)}
   */
  @JsonValue
  public String label() {
    return label;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamedAverage average && average.label.equals(label);
  }

  @Override
  public int hashCode() {
    return label.hashCode();
  }

  @Override
  public String toString() {
    return label;
  }

  /** Reads averages separated by commas. */
  public static final class ListConverter implements ITypeConverter<List<NamedAverage>> {
    /** Used by picocli. */
    public ListConverter() {}

    @Override
    public List<NamedAverage> convert(String text) {
      return Names.split(text).stream()
          .map(part -> Conversion.of(part, NamedAverage::labelled))
          .toList();
    }
  }

  /** The averages with their settings, for the help. */
  public static final class Candidates extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    /** Used by picocli. */
    public Candidates() {
      for (NamedAverage average : List.of(EMA, SWA)) {
        WeightAverage.Builder<?> plain = average.builder.get();
        add(new Settings(plain).form(average.name, plain.build()));
      }
    }
  }
}
