package org.dl4jx.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.schedule.ScheduleType.EPOCH;
import static org.nd4j.linalg.schedule.ScheduleType.ITERATION;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.exc.ValueInstantiationException;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/** A schedule that contains others counts the same thing as they do. */
class TypesTest {
  private static final FixedSchedule CONSTANT = new FixedSchedule(0.1);

  private static ScheduleType other(ScheduleType type) {
    return type == ITERATION ? EPOCH : ITERATION;
  }

  private static Stream<ScheduleType> types() {
    return Stream.of(ScheduleType.values());
  }

  private static Stream<ISchedule> ofDeeplearning4j(ScheduleType type) {
    return Stream.of(
        new CycleSchedule(type, 0.1, 100),
        new ExponentialSchedule(type, 0.1, 0.9),
        new InverseSchedule(type, 0.1, 0.9, 0.5),
        new MapSchedule(type, Map.of(0, 0.1, 5, 0.2)),
        new PolySchedule(type, 0.1, 2, 100),
        new SigmoidSchedule(type, 0.1, 0.9, 50),
        new StepSchedule(type, 0.1, 0.9, 10));
  }

  /** Every schedule that counts, paired with what it counts. */
  static Stream<Arguments> counting() {
    return types()
        .flatMap(
            type ->
                Stream.concat(SchedulesTest.all(type), ofDeeplearning4j(type))
                    .map(schedule -> Arguments.of(type, schedule)));
  }

  @ParameterizedTest
  @MethodSource("counting")
  void fitOnlyWhereTheSameIsCounted(ScheduleType type, ISchedule schedule) {
    for (ISchedule nested :
        List.of(
            schedule,
            new ScaledSchedule(0.5, schedule),
            new ScaledSchedule(2, new ScaledSchedule(0.5, schedule)),
            new ScaledSchedule(2, new WarmupSchedule(type, 1, schedule)),
            new ProductSchedule(List.of(CONSTANT, schedule)),
            new ScaledSchedule(2, new ProductSchedule(List.of(new ScaledSchedule(2, schedule)))),
            new SequenceSchedule(type, List.of(schedule), List.of()))) {
      new WarmupSchedule(type, 1, nested);
      new SequenceSchedule(type, List.of(CONSTANT, nested), List.of(1));

      ScheduleType other = other(type);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new WarmupSchedule(other, 1, nested))
          .withMessageStartingWith(
              "schedule must be of type %s like this WarmupSchedule, but was of type %s (",
              other, type);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SequenceSchedule(other, List.of(CONSTANT, nested), List.of(1)))
          .withMessageStartingWith(
              "schedules[1] must be of type %s like this SequenceSchedule, but was of type %s (",
              other, type);
    }
  }

  @Test
  void everyScheduleOfDeeplearning4jIsTested() throws Exception {
    URI file = ISchedule.class.getResource("ISchedule.class").toURI();
    Set<String> names;
    try (FileSystem jar = FileSystems.newFileSystem(file, Map.of());
        Stream<Path> files = Files.list(jar.getPath("/org/nd4j/linalg/schedule"))) {
      names =
          files
              .map(path -> path.getFileName().toString().replace(".class", ""))
              .filter(name -> name.endsWith("Schedule") && !name.equals("ISchedule"))
              .collect(Collectors.toSet());
    }

    assertThat(
            Stream.concat(
                    ofDeeplearning4j(EPOCH), Stream.of(CONSTANT, new RampSchedule(CONSTANT, 3)))
                .map(schedule -> schedule.getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @ParameterizedTest
  @MethodSource
  void nameBothTypesAndBothSchedules(ThrowingCallable creation, String message) {
    assertThatIllegalArgumentException().isThrownBy(creation).withMessage(message);
  }

  static Stream<Arguments> nameBothTypesAndBothSchedules() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 100, 0);
    CosineSchedule byEpoch = new CosineSchedule(EPOCH, 1, 100, 0);
    return Stream.of(
        bad(
            () -> new WarmupSchedule(EPOCH, 2, cosine),
            "schedule must be of type EPOCH like this WarmupSchedule,"
                + " but was of type ITERATION (CosineSchedule)"),
        bad(
            () -> new WarmupSchedule(EPOCH, 2, new ScaledSchedule(2, cosine)),
            "schedule must be of type EPOCH like this WarmupSchedule,"
                + " but was of type ITERATION (CosineSchedule in ScaledSchedule)"),
        bad(
            () -> new WarmupSchedule(EPOCH, 2, new ProductSchedule(List.of(byEpoch, cosine))),
            "schedule must be of type EPOCH like this WarmupSchedule,"
                + " but was of type ITERATION (CosineSchedule in ProductSchedule)"),
        bad(
            () -> new SequenceSchedule(ITERATION, List.of(cosine, byEpoch), List.of(5)),
            "schedules[1] must be of type ITERATION like this SequenceSchedule,"
                + " but was of type EPOCH (CosineSchedule)"),
        bad(
            () -> new WarmupSchedule(ITERATION, 2, new RampSchedule(byEpoch, 5)),
            "schedule must be of type ITERATION like this WarmupSchedule,"
                + " but was of type EPOCH (CosineSchedule in RampSchedule)"),
        bad(
            () -> new WarmupSchedule(EPOCH, 2, new RampSchedule(byEpoch, 5)),
            "schedule must be of type EPOCH like this WarmupSchedule,"
                + " but was of type ITERATION (RampSchedule)"));
  }

  private static Arguments bad(ThrowingCallable creation, String message) {
    return Arguments.of(creation, message);
  }

  /** Deeplearning4j's ramp counts iterations, whatever it contains. */
  @Test
  void aRampFitsWhereItsBaseCountsIterationsToo() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 100, 0);

    new WarmupSchedule(ITERATION, 2, new RampSchedule(cosine, 5));
    new WarmupSchedule(ITERATION, 2, new RampSchedule(CONSTANT, 5));
    new ScaledSchedule(2, new RampSchedule(new CosineSchedule(EPOCH, 1, 100, 0), 5));
  }

  @ParameterizedTest
  @EnumSource
  void aScheduleThatDoesNotCountOrDoesNotSayFitsEverywhere(ScheduleType type) {
    for (ISchedule schedule :
        List.of(
            CONSTANT,
            new ScaledSchedule(2, CONSTANT),
            new ProductSchedule(List.of(CONSTANT, new Untyped())),
            new Untyped(),
            new Typed(null, CONSTANT))) {
      assertThatCode(() -> new WarmupSchedule(type, 2, schedule)).doesNotThrowAnyException();
      assertThatCode(() -> new SequenceSchedule(type, List.of(schedule, schedule), List.of(1)))
          .doesNotThrowAnyException();
    }
  }

  /** On its own, where nothing is shifted. */
  @Test
  void aProductMayMixTypes() {
    CosineSchedule cosine = new CosineSchedule(ITERATION, 1, 100, 0);
    CosineSchedule byEpoch = new CosineSchedule(EPOCH, 1, 100, 0);
    ISchedule product = new ProductSchedule(List.of(cosine, byEpoch));

    assertThat(product.valueAt(50, 50)).isCloseTo(0.25, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void aScheduleOfYourOwnMaySayWhatItCounts(ScheduleType type) {
    new WarmupSchedule(type, 2, new Typed(type, CONSTANT));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WarmupSchedule(other(type), 2, new Typed(type, CONSTANT)));
  }

  /** As a user would write it. */
  record Untyped() implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
      return iteration + epoch;
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }

  record Typed(ScheduleType type, ISchedule inside) implements TypedSchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
      return inside.valueAt(iteration, epoch);
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }

  /** Every schedule that has a type of its own and contains others. */
  static Stream<Arguments> holders() {
    return types()
        .flatMap(
            type ->
                SchedulesTest.all(type)
                    .filter(TypesTest::hasType)
                    .filter(schedule -> Arrays.stream(parts(schedule)).anyMatch(TypesTest::holds))
                    .map(schedule -> Arguments.of(type, schedule)));
  }

  private static boolean hasType(ISchedule schedule) {
    return Arrays.stream(parts(schedule)).anyMatch(ScheduleType.class::isInstance);
  }

  private static boolean holds(Object part) {
    return part instanceof ISchedule
        || part instanceof List<?> list && list.stream().anyMatch(ISchedule.class::isInstance);
  }

  private static Object[] parts(ISchedule schedule) {
    return Arrays.stream(schedule.getClass().getRecordComponents())
        .map(
            component -> {
              try {
                return component.getAccessor().invoke(schedule);
              } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
              }
            })
        .toArray();
  }

  /** The same schedule with these inside. */
  private static ISchedule holding(ISchedule inside, ISchedule holder) throws Exception {
    Object[] parts = parts(holder);
    for (int i = 0; i < parts.length; i++) {
      if (holds(parts[i])) {
        parts[i] =
            parts[i] instanceof List<?> list ? Collections.nCopies(list.size(), inside) : inside;
      }
    }
    Class<?>[] types =
        Arrays.stream(holder.getClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Constructor<?> constructor = holder.getClass().getDeclaredConstructor(types);
    return (ISchedule) constructor.newInstance(parts);
  }

  /** The type of a MapSchedule can be changed after the check, so a mixture can be written. */
  @ParameterizedTest
  @MethodSource("holders")
  void aMixtureIsNotRead(ScheduleType type, ISchedule schedule) throws Exception {
    MapSchedule inside = new MapSchedule(type, Map.of(0, 0.1, 5, 0.2));
    ISchedule holder = holding(inside, schedule);
    inside.setScheduleType(other(type));
    String message =
        String.format(
            "must be of type %s like this %s, but was of type %s (MapSchedule)",
            type, schedule.getClass().getSimpleName(), other(type));

    for (ObjectMapper mapper :
        List.of(JsonMappers.getMapper(), new ObjectMapper(new YAMLFactory()))) {
      String text = mapper.writeValueAsString(holder);
      assertThatExceptionOfType(ValueInstantiationException.class)
          .isThrownBy(() -> mapper.readValue(text, ISchedule.class))
          .withMessageContaining(message);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(holder);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThatExceptionOfType(InvalidObjectException.class)
          .isThrownBy(in::readObject)
          .withMessageContaining(message);
    }
  }
}
