package org.dl4jx.workbench.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nd4j.linalg.schedule.ScheduleType.EPOCH;
import static org.nd4j.linalg.schedule.ScheduleType.ITERATION;

import java.util.List;
import java.util.stream.Stream;
import org.dl4jx.schedules.CosineRestartsSchedule;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.schedules.CyclicalSchedule;
import org.dl4jx.schedules.DemonSchedule;
import org.dl4jx.schedules.InverseSquareRootSchedule;
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
import org.dl4jx.schedules.WarmupStableDecaySchedule.Cooldown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

class ScheduleNotationTest {
  private static final int ITERATIONS = 700;
  private static final int EPOCHS = 7;
  private static final RunLength RUN = new RunLength(ITERATIONS / EPOCHS, EPOCHS, 0.01);
  private static final double RATE = 0.3;

  private static ISchedule read(String text) {
    return ScheduleNotation.parse(text).schedule(RUN, RATE);
  }

  static Stream<Arguments> formsWithDefaults() {
    OneCycleSchedule cycle = new OneCycleSchedule(ITERATION, 0.1, ITERATIONS);
    return Stream.of(
        Arguments.of(
            "warmup-cosine(peak=0.1,warmup=10)",
            new WarmupCosineSchedule(ITERATION, 0.1, 10, ITERATIONS)),
        Arguments.of("one-cycle(max=0.1)", cycle),
        Arguments.of("one-cycle-momentum(max=0.1)", cycle.momentum(0.85, 0.95)),
        Arguments.of("cosine(peak=0.1)", new CosineSchedule(ITERATION, 0.1, ITERATIONS, 0)),
        Arguments.of(
            "cosine-restarts(peak=0.1,period=9)", new CosineRestartsSchedule(ITERATION, 0.1, 9)),
        Arguments.of(
            "triangular(base=0.01,max=0.1,up=5)", new CyclicalSchedule(ITERATION, 0.01, 0.1, 5)),
        Arguments.of(
            "triangular2(base=0.01,max=0.1,up=5)",
            new CyclicalSchedule(ITERATION, CyclicalSchedule.Mode.TRIANGULAR2, 0.01, 0.1, 5, 5, 1)),
        Arguments.of(
            "exp-range(base=0.01,max=0.1,up=5,gamma=0.9)",
            new CyclicalSchedule(
                ITERATION, CyclicalSchedule.Mode.EXPONENTIAL_RANGE, 0.01, 0.1, 5, 5, 0.9)),
        Arguments.of(
            "polynomial(initial=0.1,power=2)",
            new PolynomialDecaySchedule(ITERATION, 0.1, ITERATIONS, 2, 0)),
        Arguments.of("rex(peak=0.1)", new RexSchedule(ITERATION, 0.1, ITERATIONS, 0)),
        Arguments.of(
            "inverse-square-root(peak=0.1,warmup=5)",
            new InverseSquareRootSchedule(ITERATION, 0.1, 5)),
        Arguments.of(
            "power(initial=0.1,rate=2,power=0.6)", new PowerDecaySchedule(ITERATION, 0.1, 2, 0.6)),
        Arguments.of(
            "warmup-stable-decay(peak=0.1,warmup=5,decay=9)",
            new WarmupStableDecaySchedule(ITERATION, 0.1, 5, 9, ITERATIONS, 0)),
        Arguments.of(
            "piecewise(0,0.1,9,0.2)",
            new PiecewiseInterpolationSchedule(ITERATION, List.of(0, 9), List.of(0.1, 0.2))),
        Arguments.of("demon(initial=0.9)", new DemonSchedule(ITERATION, 0.9, ITERATIONS)),
        Arguments.of("constant(value=0.1)", new FixedSchedule(0.1)),
        Arguments.of(
            "warmup(steps=5,then=constant(value=0.1))",
            new WarmupSchedule(ITERATION, 5, new FixedSchedule(0.1))),
        Arguments.of(
            "scaled(factor=2,of=constant(value=0.1))",
            new ScaledSchedule(2, new FixedSchedule(0.1))),
        Arguments.of(
            "sequence(constant(value=0.1),5,constant(value=0.2))",
            new SequenceSchedule(
                ITERATION, List.of(new FixedSchedule(0.1), new FixedSchedule(0.2)), List.of(5))),
        Arguments.of(
            "product(constant(value=0.1),constant(value=0.2))",
            new ProductSchedule(List.of(new FixedSchedule(0.1), new FixedSchedule(0.2)))));
  }

  @ParameterizedTest
  @MethodSource("formsWithDefaults")
  void whatIsLeftOutHasItsDefault(String text, ISchedule schedule) {
    assertThat(read(text)).isEqualTo(schedule);
  }

  @Test
  void noFormIsWithoutTestOfItsDefaults() {
    assertThat(formsWithDefaults()).hasSize(ScheduleForm.values().length);
  }

  @ParameterizedTest
  @EnumSource
  void everyExampleIsARightNotation(ScheduleForm form) {
    assertThat(form.example().form()).isEqualTo(form);
    assertThat(form.example().usesRate()).isFalse();
  }

  @Test
  void everyKeyIsRead() {
    String text =
        "one-cycle(max=0.1, total=1e2, pct-start=0.2, div=5, final-div=10, anneal=linear,"
            + " three-phase=true, by=epoch)";

    assertThat(read(text))
        .isEqualTo(
            new OneCycleSchedule(
                EPOCH, 0.1, 100, 0.2, 5, 10, OneCycleSchedule.Anneal.LINEAR, true));
    assertThat(ScheduleNotation.parse(text)).hasToString(text.replace(" ", ""));
  }

  static Stream<Arguments> shapesAndModes() {
    FixedSchedule constant = new FixedSchedule(0.1);
    return Stream.of(
        Arguments.of(
            "warmup-stable-decay(peak=0.1,warmup=5,decay=9,cooldown=one-minus-square-root)",
            new WarmupStableDecaySchedule(
                ITERATION, 0.1, 5, 9, ITERATIONS, 0, Cooldown.ONE_MINUS_SQUARE_ROOT)),
        Arguments.of(
            "warmup-stable-decay(peak=0.1,warmup=5,decay=9,cooldown=square)",
            new WarmupStableDecaySchedule(ITERATION, 0.1, 5, 9, ITERATIONS, 0, Cooldown.SQUARE)),
        Arguments.of(
            "polynomial(initial=0.1,power=2,total=9,cycle=true)",
            new PolynomialDecaySchedule(ITERATION, 0.1, 9, 2, 0, true)),
        Arguments.of(
            "piecewise(5, 0.1, 9, 0.2, interpolation=cosine, by=epoch)",
            new PiecewiseInterpolationSchedule(
                EPOCH,
                List.of(5, 9),
                List.of(0.1, 0.2),
                PiecewiseInterpolationSchedule.Interpolation.COSINE)),
        Arguments.of(
            "warmup(mode=exponential,steps=5,initial=0.01,then=constant(value=0.1))",
            new WarmupSchedule(ITERATION, WarmupSchedule.Mode.EXPONENTIAL, 0.01, 5, constant)),
        Arguments.of(
            "warmup(untuned=0.999,then=constant(value=0.1))",
            WarmupSchedule.untuned(ITERATION, 0.999, constant)),
        Arguments.of(
            "warmup(untuned=0.99,mode=exponential,by=epoch,then=constant(value=0.1))",
            WarmupSchedule.untunedExponential(EPOCH, 0.99, constant)),
        Arguments.of(
            "warmup(untuned=none,steps=5,then=constant(value=0.1))",
            new WarmupSchedule(ITERATION, 5, constant)));
  }

  @ParameterizedTest
  @MethodSource("shapesAndModes")
  void shapesAndModesHaveNames(String text, ISchedule schedule) {
    assertThat(read(text)).isEqualTo(schedule);
  }

  @Test
  void aProductCountsAsEachOfItsFactors() {
    assertThat(read("product(cosine(peak=0.1,total=3,by=epoch),rex(peak=1))"))
        .isEqualTo(
            new ProductSchedule(
                List.of(
                    new CosineSchedule(EPOCH, 0.1, 3, 0),
                    new RexSchedule(ITERATION, 1, ITERATIONS, 0))));
  }

  @Test
  void aTotalThatIsLeftOutIsTheLengthOfTheRunInTheUnitOfTheSchedule() {
    assertThat(read("cosine(peak=0.1,by=epoch)"))
        .isEqualTo(new CosineSchedule(EPOCH, 0.1, EPOCHS, 0));
  }

  @Test
  void schedulesNestAndCountAsTheFirstInThem() {
    String text =
        "warmup(steps=2,initial=0.01,mode=constant,then=scaled(factor=0.5,"
            + "of=sequence(cosine(peak=0.1,total=3,by=epoch),3,demon(initial=0.5,by=epoch))))";

    assertThat(read(text))
        .isEqualTo(
            new WarmupSchedule(
                EPOCH,
                WarmupSchedule.Mode.CONSTANT,
                0.01,
                2,
                new ScaledSchedule(
                    0.5,
                    new SequenceSchedule(
                        EPOCH,
                        List.of(
                            new CosineSchedule(EPOCH, 0.1, 3, 0),
                            new DemonSchedule(EPOCH, 0.5, EPOCHS)),
                        List.of(3)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "on-cycle(max=1) | unknown schedule 'on-cycle'; did you mean one-cycle([max=rate][,total",
        "demon(intial=0.9) | demon: unknown key 'intial' (the nearest is initial)",
        "demon(total=9) | demon: initial is missing",
        "demon(initial=0.9,initial=0.8) | demon: initial is given twice",
        "demon(0.9) | demon: '0.9' is not of the form key=value",
        "demon(initial=) | demon: a value is missing after demon(initial=",
        "demon(initial=much) | demon: initial must be a number, but was much",
        "demon(initial=0.9,total=1.5) | demon: total must be a whole number, but was 1.5",
        "demon(initial=0.9 | demon: unbalanced parenthesis: ')' is missing at the end",
        "demon(initial=0.9)) | demon: unbalanced parenthesis: one ')' too many",
        "demon(initial=0.9)x | demon: unexpected 'x' at the end",
        "demon(initial=2) | demon: initial must be in [0, 1), but was 2.0",
        "demon(initial=0.9,by=hour) | demon: by must be iteration or epoch, but was hour",
        "one-cycle(max=1,anneal=flat) | one-cycle: anneal must be cosine or linear, but was flat",
        "one-cycle(max=1,three-phase=2) | one-cycle: three-phase must be true or false, but was 2",
        "constant(value=-1) | constant: value must be a finite number >= 0, but was -1.0",
        "warmup(steps=5,then=3) | warmup: then must be a schedule, but was 3",
        "warmup(steps=5,then=demon(initial=2)) | demon: initial must be in [0, 1), but was 2.0",
        "sequence(constant(value=1),5) | sequence: a schedule is missing at the end",
        "sequence(constant(value=1),x,constant(value=1))"
            + "| sequence: a step must be a whole number, but was x",
        "sequence(3,5,constant(value=1)) | sequence: a piece must be a schedule, but was 3",
        "product() | product: schedules must be a list of at least one schedule",
        "product(3) | product: a piece must be a schedule, but was 3",
        "product(cosine,rex(floor=-1)) | rex: floor must be in [0, peak = 1.0], but was -1.0",
        "piecewise() | piecewise: steps must be a list of at least one step",
        "piecewise(0,1,5) | piecewise: a value is missing at the end",
        "piecewise(0.5,1) | piecewise: a step must be a whole number, but was 0.5",
        "piecewise(0,much) | piecewise: a value must be a number, but was much",
        "piecewise(5,1,5,2) | piecewise: steps must be a list of at least one step, ascending",
        "piecewise(0,-1) | piecewise: values must be of length 1 (like steps), finite and >= 0",
        "piecewise(0,1,interpolation=flat)"
            + "| piecewise: interpolation must be linear or cosine, but was flat",
        "warmup-stable-decay(decay=9,cooldown=sqrt) | warmup-stable-decay: cooldown must be"
            + " linear or cosine or one-minus-square-root or square, but was sqrt",
        "warmup(then=constant,mode=slow)"
            + "| warmup: mode must be linear or constant or exponential, but was slow",
        "warmup(then=constant,untuned=1) | warmup: beta2 must be in [0, 1), but was 1.0",
        "warmup(then=constant,untuned=x) | warmup: untuned must be a number, but was x",
        "warmup(then=constant,untuned=0.9,steps=5)"
            + "| warmup: steps must be left out beside untuned, but was 5",
        "warmup(then=constant,untuned=0.9,initial=5)"
            + "| warmup: initial must be left out beside untuned, but was 5",
        "warmup(then=constant,untuned=0.9,mode=constant)"
            + "| warmup: mode must be linear or exponential beside untuned, but was constant"
      })
  void aWrongNotationIsAnsweredWithWhatIsWrongAndTheForm(String text, String what) {
    assertThatThrownBy(() -> ScheduleNotation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(what)
        .hasMessageMatching(".*(did you mean|its form is) [a-z0-9-]+\\(.*\\)\\??");
  }

  @Test
  void theFormShowsWhatMayBeLeftOut() {
    assertThatThrownBy(() -> ScheduleNotation.parse("demon()"))
        .hasMessageEndingWith("its form is demon(initial=...[,total=steps][,by=iteration])");
    assertThat(
            Stream.of(ScheduleForm.SEQUENCE, ScheduleForm.PRODUCT, ScheduleForm.PIECEWISE)
                .map(ScheduleForm::form))
        .containsExactly(
            "sequence(<schedule>,<step>,<schedule>...[,by=iteration])",
            "product(<schedule>,<schedule>...[,by=iteration])",
            "piecewise(<step>,<value>,<step>...[,interpolation=linear][,by=iteration])");
  }

  @Test
  void aRateThatIsLeftOutIsThatOfTheUpdaterAndAWarmUpIsItsShareOfTheRun() {
    assertThat(read("warmup-cosine"))
        .isEqualTo(new WarmupCosineSchedule(ITERATION, RATE, 7, ITERATIONS));
    assertThat(read("one-cycle")).isEqualTo(new OneCycleSchedule(ITERATION, RATE, ITERATIONS));
    assertThat(read("constant")).isEqualTo(new FixedSchedule(RATE));
    assertThat(read("warmup(then=cosine(by=epoch))"))
        .isEqualTo(new WarmupSchedule(EPOCH, 0, new CosineSchedule(EPOCH, RATE, EPOCHS, 0)));
    assertThat(read("warmup(then=constant)"))
        .isEqualTo(new WarmupSchedule(ITERATION, 7, new FixedSchedule(RATE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cosine | true",
        "cosine(total=5) | true",
        "cosine(peak=1) | false",
        "scaled(factor=2,of=cosine) | true",
        "scaled(factor=2,of=cosine(peak=1)) | false",
        "sequence(constant(value=1),3,cosine) | true",
        "demon(initial=0.9) | false"
      })
  void knowsWhetherItLeavesTheRateToTheUpdater(String text, boolean uses) {
    assertThat(ScheduleNotation.parse(text).usesRate()).isEqualTo(uses);
  }

  @Test
  void thePeakIsTheRateOfTheUpdaterOrTheGreatestOfTheRun() {
    assertThat(ScheduleNotation.parse("one-cycle").peak(RUN, RATE)).isEqualTo(RATE);
    assertThat(ScheduleNotation.parse("cosine(peak=0.1)").peak(RUN, RATE)).isEqualTo(0.1);
    assertThat(
            ScheduleNotation.parse("polynomial(power=1,initial=1,total=7,by=epoch)").peak(RUN, 9))
        .isEqualTo(1);
  }

  @Test
  void aListIsSeparatedByTheCommasOutsideOfBrackets() {
    assertThat(
            new ScheduleNotation.ListConverter()
                .convert("constant,warmup(steps=5,then=cosine(peak=1)),one-cycle"))
        .extracting(ScheduleNotation::toString)
        .containsExactly("constant", "warmup(steps=5,then=cosine(peak=1))", "one-cycle");
  }
}
