package org.dl4jx.workbench.notation;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.notNegative;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.schedules.CosineRestartsSchedule;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.schedules.CyclicalSchedule;
import org.dl4jx.schedules.DemonSchedule;
import org.dl4jx.schedules.InverseSquareRootSchedule;
import org.dl4jx.schedules.OneCycleMomentumSchedule;
import org.dl4jx.schedules.OneCycleSchedule;
import org.dl4jx.schedules.PiecewiseInterpolationSchedule;
import org.dl4jx.schedules.PolynomialDecaySchedule;
import org.dl4jx.schedules.PowerDecaySchedule;
import org.dl4jx.schedules.ProductSchedule;
import org.dl4jx.schedules.RexSchedule;
import org.dl4jx.schedules.ScaledSchedule;
import org.dl4jx.schedules.SequenceSchedule;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.schedules.WarmupSchedule;
import org.dl4jx.schedules.WarmupStableDecaySchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The schedules that the command line knows by name. Each has its keys, an example over 1,000 steps
 * and a factory. Some also have pieces without keys, in turn of each kind: schedules, steps or
 * values. The default of a key may be another key, whose value it takes, or {@code steps}, the
 * length of the run; {@code rate}, the learning rate of the updater; or {@code share}, the share of
 * the run in which a learning rate warms up.
 */
public enum ScheduleForm {
  WARMUP_COSINE(
      "warmup-cosine",
      List.of("peak=rate", "warmup=share", "total=steps", "initial=0", "floor=0"),
      "peak=0.1,warmup=100,total=1000",
      a ->
          new WarmupCosineSchedule(
              a.by(),
              a.number("initial"),
              a.number("peak"),
              a.steps("warmup"),
              a.steps("total"),
              a.number("floor"))),
  ONE_CYCLE(
      "one-cycle",
      List.of(
          "max=rate",
          "total=steps",
          "pct-start=0.3",
          "div=25",
          "final-div=10000",
          "anneal=cosine",
          "three-phase=false"),
      "max=0.1,total=1000",
      ScheduleForm::oneCycle),
  ONE_CYCLE_MOMENTUM(
      "one-cycle-momentum",
      List.of(
          "max=rate",
          "total=steps",
          "base-momentum=0.85",
          "max-momentum=0.95",
          "pct-start=0.3",
          "div=25",
          "final-div=10000",
          "anneal=cosine",
          "three-phase=false"),
      "max=0.1,total=1000",
      a ->
          new OneCycleMomentumSchedule(
              oneCycle(a), a.number("base-momentum"), a.number("max-momentum"))),
  COSINE(
      "cosine",
      List.of("peak=rate", "total=steps", "floor=0"),
      "peak=0.1,total=1000",
      a -> new CosineSchedule(a.by(), a.number("peak"), a.steps("total"), a.number("floor"))),
  COSINE_RESTARTS(
      "cosine-restarts",
      List.of("period", "peak=rate", "multiplier=1", "decay=1", "floor=0"),
      "peak=0.1,period=143,multiplier=2,decay=0.8",
      a ->
          new CosineRestartsSchedule(
              a.by(),
              a.number("peak"),
              a.steps("period"),
              a.steps("multiplier"),
              a.number("decay"),
              a.number("floor"))),
  TRIANGULAR(
      "triangular",
      List.of("base", "up", "max=rate", "down=up"),
      "base=0.01,max=0.1,up=125",
      a -> cyclical(a, CyclicalSchedule.Mode.TRIANGULAR, 1)),
  TRIANGULAR2(
      "triangular2",
      List.of("base", "up", "max=rate", "down=up"),
      "base=0.01,max=0.1,up=125",
      a -> cyclical(a, CyclicalSchedule.Mode.TRIANGULAR2, 1)),
  EXP_RANGE(
      "exp-range",
      List.of("base", "up", "gamma", "max=rate", "down=up"),
      "base=0.01,max=0.1,up=125,gamma=0.998",
      a -> cyclical(a, CyclicalSchedule.Mode.EXPONENTIAL_RANGE, a.number("gamma"))),
  POLYNOMIAL(
      "polynomial",
      List.of("power", "initial=rate", "total=steps", "floor=0", "cycle=false"),
      "initial=0.1,power=2,total=1000",
      a ->
          new PolynomialDecaySchedule(
              a.by(),
              a.number("initial"),
              a.steps("total"),
              a.number("power"),
              a.number("floor"),
              a.yesOrNo("cycle"))),
  REX(
      "rex",
      List.of("peak=rate", "total=steps", "floor=0"),
      "peak=0.1,total=1000",
      a -> new RexSchedule(a.by(), a.number("peak"), a.steps("total"), a.number("floor"))),
  INVERSE_SQUARE_ROOT(
      "inverse-square-root",
      List.of("peak=rate", "warmup=share"),
      "peak=0.1,warmup=100",
      a -> new InverseSquareRootSchedule(a.by(), a.number("peak"), a.steps("warmup"))),
  POWER(
      "power",
      List.of("rate", "power", "initial=rate"),
      "initial=0.1,rate=0.01,power=1",
      a ->
          new PowerDecaySchedule(a.by(), a.number("initial"), a.number("rate"), a.number("power"))),
  WARMUP_STABLE_DECAY(
      "warmup-stable-decay",
      List.of("decay", "peak=rate", "warmup=share", "total=steps", "floor=0", "cooldown=linear"),
      "peak=0.1,warmup=100,decay=200,total=1000",
      a ->
          new WarmupStableDecaySchedule(
              a.by(),
              a.number("peak"),
              a.steps("warmup"),
              a.steps("decay"),
              a.steps("total"),
              a.number("floor"),
              a.word("cooldown", WarmupStableDecaySchedule.Cooldown.class))),
  PIECEWISE(
      "piecewise",
      List.of("step", "value"),
      List.of("interpolation=linear"),
      "0,0.02,200,0.1,500,0.04,1000,0",
      a ->
          new PiecewiseInterpolationSchedule(
              a.by(),
              a.stepPieces(),
              a.valuePieces(),
              a.word("interpolation", PiecewiseInterpolationSchedule.Interpolation.class))),
  DEMON(
      "demon",
      List.of("initial", "total=steps"),
      "initial=0.9,total=1000",
      a -> new DemonSchedule(a.by(), a.number("initial"), a.steps("total"))),
  CONSTANT(
      "constant",
      List.of("value=rate"),
      "value=0.1",
      a -> new FixedSchedule(notNegative("value", a.number("value")))),
  WARMUP(
      "warmup",
      List.of("then", "steps=share", "initial=0", "mode=linear", "untuned=none"),
      "steps=100,then=polynomial(initial=0.1,power=1,total=900)",
      ScheduleForm::warmup),
  SCALED(
      "scaled",
      List.of("factor", "of"),
      "factor=0.5,of=cosine(peak=0.1,total=1000)",
      a -> new ScaledSchedule(a.number("factor"), a.schedule("of"))),
  SEQUENCE(
      "sequence",
      List.of("schedule", "step"),
      List.of(),
      "constant(value=0.1),500,constant(value=0.01),750,constant(value=0.001)",
      a -> new SequenceSchedule(a.by(), a.schedulePieces(), a.stepPieces())),
  PRODUCT(
      "product",
      List.of("schedule"),
      List.of(),
      "cosine(peak=0.1,total=1000),triangular(base=0.5,max=1,up=50)",
      a -> new ProductSchedule(a.schedulePieces()));

  /** Creates the schedule from its arguments. */
  private interface Factory {
    ISchedule create(ScheduleNotation.Arguments arguments);
  }

  private static final String BY = "by=iteration";

  private final String label;
  private final List<String> pieces;
  private final List<Key> keys;
  private final String example;
  private final Factory factory;

  ScheduleForm(String label, List<String> keys, String example, Factory factory) {
    this(label, List.of(), keys, example, factory);
  }

  ScheduleForm(
      String label, List<String> pieces, List<String> keys, String example, Factory factory) {
    this.label = label;
    this.pieces = pieces;
    this.keys = Stream.concat(keys.stream(), Stream.of(BY)).map(Key::of).toList();
    this.example = example;
    this.factory = factory;
  }

  private static OneCycleSchedule oneCycle(ScheduleNotation.Arguments a) {
    return new OneCycleSchedule(
        a.by(),
        a.number("max"),
        a.steps("total"),
        a.number("pct-start"),
        a.number("div"),
        a.number("final-div"),
        a.word("anneal", OneCycleSchedule.Anneal.class),
        a.yesOrNo("three-phase"));
  }

  private static WarmupSchedule warmup(ScheduleNotation.Arguments a) {
    WarmupSchedule.Mode mode = a.word("mode", WarmupSchedule.Mode.class);
    ISchedule then = a.schedule("then");
    if (a.isNone("untuned")) {
      return new WarmupSchedule(a.by(), mode, a.number("initial"), a.steps("steps"), then);
    }
    a.checkLeftOut("steps", "untuned");
    a.checkLeftOut("initial", "untuned");
    double beta2 = a.number("untuned");
    check(
        mode != WarmupSchedule.Mode.CONSTANT,
        "mode",
        "constant",
        "linear or exponential beside untuned");
    return mode == WarmupSchedule.Mode.LINEAR
        ? WarmupSchedule.untuned(a.by(), beta2, then)
        : WarmupSchedule.untunedExponential(a.by(), beta2, then);
  }

  private static CyclicalSchedule cyclical(
      ScheduleNotation.Arguments a, CyclicalSchedule.Mode mode, double gamma) {
    return new CyclicalSchedule(
        a.by(), mode, a.number("base"), a.number("max"), a.steps("up"), a.steps("down"), gamma);
  }

  /** A key of a form. If it has no default, it must be given. */
  record Key(String name, String defaultValue) {
    static Key of(String text) {
      String[] parts = text.split("=");
      return new Key(parts[0], parts.length == 1 ? null : parts[1]);
    }

    @Override
    public String toString() {
      return defaultValue == null ? name + "=..." : "[" + name + "=" + defaultValue + "]";
    }
  }

  /**
   * The name.
   *
   * @return a name such as {@code one-cycle}
   */
  public String label() {
    return label;
  }

  List<Key> keys() {
    return keys;
  }

  /** Whether the value of a key is a schedule. */
  boolean takesSchedule(String key) {
    return this == WARMUP && key.equals("then") || this == SCALED && key.equals("of");
  }

  boolean isMomentum() {
    return this == ONE_CYCLE_MOMENTUM || this == DEMON;
  }

  /** Whether there are arguments without keys. */
  boolean takesPieces() {
    return !pieces.isEmpty();
  }

  /** The kind of such an argument by its place among them: schedule, step, or value. */
  String pieceAt(int index) {
    return pieces.get(index % pieces.size());
  }

  /**
   * How to write it.
   *
   * @return a form such as {@code demon(initial=...[,total=steps][,by=iteration])}
   */
  public String form() {
    Stream<String> shownPieces = pieces.stream().map(piece -> "<" + piece + ">");
    Stream<String> more = pieces.stream().limit(1).map(piece -> "<" + piece + ">...");
    return Stream.of(shownPieces, more, keys.stream().map(Key::toString))
        .flatMap(parts -> parts)
        .collect(Collectors.joining(",", label + "(", ")"))
        .replace(",[", "[,");
  }

  /**
   * A schedule of this form over 1,000 steps.
   *
   * @return the notation
   */
  public ScheduleNotation example() {
    return ScheduleNotation.parse(label + "(" + example + ")");
  }

  ISchedule create(ScheduleNotation.Arguments arguments) {
    return factory.create(arguments);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(ScheduleForm::label).toList();
  }

  static ScheduleForm labelled(String label) {
    return Arrays.stream(values())
        .filter(form -> form.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(label));
  }
}
