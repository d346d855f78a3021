package org.dl4jx.schedules;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.schedules.WarmupStableDecaySchedule.Cooldown;
import org.dl4jx.schedules.checks.Given;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.exc.MismatchedInputException;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/** Schedules are read back as they were written; anything else is refused. */
class SerializationTest {
  private static final ObjectMapper JSON = JsonMappers.getMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static Stream<ISchedule> all() {
    return SchedulesTest.all();
  }

  static Stream<ISchedule> ofBothTypes() {
    return SchedulesTest.ofBothTypes();
  }

  /** Every schedule paired with each of its properties of this kind. */
  private static Stream<Arguments> properties(Predicate<JsonNode> kind) {
    return all()
        .flatMap(
            schedule -> {
              ObjectNode tree = JSON.valueToTree(schedule);
              List<String> names = new ArrayList<>();
              tree.fieldNames().forEachRemaining(names::add);
              assertThat(names.remove("@class")).isTrue();
              return names.stream()
                  .filter(name -> kind.test(tree.get(name)))
                  .map(name -> Arguments.of(schedule, name));
            });
  }

  static Stream<Arguments> properties() {
    return properties(value -> true);
  }

  static Stream<Arguments> required() {
    return properties().filter(property -> !mayBeMissing(property));
  }

  static Stream<Arguments> added() {
    return properties().filter(SerializationTest::mayBeMissing);
  }

  private static boolean mayBeMissing(Arguments property) {
    return Arrays.stream(property.get()[0].getClass().getRecordComponents())
        .filter(component -> component.getName().equals(property.get()[1]))
        .allMatch(component -> component.getAccessor().getAnnotation(Given.class).mayBeMissing());
  }

  static Stream<Arguments> scalars() {
    return properties(JsonNode::isValueNode);
  }

  static Stream<Arguments> lists() {
    return properties(JsonNode::isArray);
  }

  static Stream<Arguments> numbers() {
    return all()
        .flatMap(
            schedule ->
                primitives(schedule)
                    .filter(component -> component.getType() != boolean.class)
                    .map(component -> Arguments.of(schedule, component.getName())));
  }

  @Test
  void everyScheduleOfThePackageIsTested() throws Exception {
    Path folder = Path.of(CosineSchedule.class.getResource("CosineSchedule.class").toURI());
    Set<Class<?>> schedules = new HashSet<>();
    try (Stream<Path> files = Files.list(folder.getParent())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        schedules.add(Class.forName(CosineSchedule.class.getPackageName() + "." + name));
      }
    }
    schedules.removeIf(type -> type.isInterface() || !ISchedule.class.isAssignableFrom(type));

    assertThat(all().map(ISchedule::getClass).collect(Collectors.toSet())).isEqualTo(schedules);
  }

  @ParameterizedTest
  @MethodSource("ofBothTypes")
  void surviveJsonYamlAndJavaSerialization(ISchedule schedule) throws Exception {
    for (ObjectMapper mapper : List.of(JSON, YAML)) {
      String text = mapper.writeValueAsString(schedule);
      assertThat(mapper.readValue(text, ISchedule.class)).isEqualTo(schedule);
    }
    assertThat(javaObject(javaBytes(schedule))).isEqualTo(schedule);
  }

  @ParameterizedTest
  @MethodSource("all")
  void havePropertiesNamedLikeTheirParameters(ISchedule schedule) {
    List<String> names = new ArrayList<>(List.of("@class"));
    for (RecordComponent component : schedule.getClass().getRecordComponents()) {
      names.add(component.getName());
    }

    assertThat(JSON.<JsonNode>valueToTree(schedule).fieldNames()).toIterable().isEqualTo(names);
  }

  @ParameterizedTest
  @MethodSource("properties")
  void aNullIsRefusedByName(ISchedule schedule, String property) {
    assertRefused(
        schedule, tree -> tree.putNull(property), property, property + " must not be null");
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void textThatJacksonReadsAsNullIsRefusedByName(ISchedule schedule, String property) {
    for (String text : List.of("", " ", "null")) {
      assertRefused(
          schedule, tree -> tree.put(property, text), property, property + " must not be null");
    }
  }

  @ParameterizedTest
  @MethodSource("required")
  void aMissingPropertyIsRefusedByName(ISchedule schedule, String property) {
    assertRefused(schedule, tree -> tree.remove(property), property, property + " is missing");
  }

  @ParameterizedTest
  @MethodSource("added")
  void aPropertyThatOlderFilesDoNotHaveMayBeMissing(ISchedule schedule, String property)
      throws Exception {
    for (ObjectMapper mapper : List.of(JSON, YAML)) {
      ObjectNode tree = mapper.valueToTree(schedule);
      tree.remove(property);
      ISchedule read = mapper.readValue(mapper.writeValueAsString(tree), ISchedule.class);

      ObjectNode readTree = mapper.valueToTree(read);
      assertThat(readTree.remove(property).asText()).isIn("false", "LINEAR");
      assertThat((JsonNode) readTree).isEqualTo(tree);
    }
  }

  static Stream<Arguments> older() {
    return Stream.of(
        Arguments.of(
            """
            {"@class":"org.dl4jx.schedules.WarmupStableDecaySchedule","type":"ITERATION",
             "peak":0.1,"warmupSteps":10,"decaySteps":20,"totalSteps":100,"floor":0.01}""",
            new WarmupStableDecaySchedule(
                ScheduleType.ITERATION, 0.1, 10, 20, 100, 0.01, Cooldown.LINEAR)),
        Arguments.of(
            """
            {"@class":"org.dl4jx.schedules.PolynomialDecaySchedule","type":"EPOCH",
             "initial":0.1,"totalSteps":100,"power":2.0,"floor":0.01}""",
            new PolynomialDecaySchedule(ScheduleType.EPOCH, 0.1, 100, 2, 0.01, false)));
  }

  /** As it was written before there was a cooldown or a cycle; YAML includes JSON. */
  @ParameterizedTest
  @MethodSource("older")
  void aFileOfAnOlderVersionIsRead(String text, ISchedule schedule) throws Exception {
    for (ObjectMapper mapper : List.of(JSON, YAML)) {
      assertThat(mapper.readValue(text, ISchedule.class)).isEqualTo(schedule);
    }
  }

  /** Base64 of what Java wrote before there was a cooldown or a cycle. */
  @ParameterizedTest
  @MethodSource
  void anObjectOfAnOlderVersionIsRead(String base64, ISchedule schedule) throws Exception {
    assertThat(javaObject(Base64.getMimeDecoder().decode(base64))).isEqualTo(schedule);
  }

  static Stream<Arguments> anObjectOfAnOlderVersionIsRead() {
    return Stream.of(
        Arguments.of(
            """
            rO0ABXNyAC1vcmcuZGw0anguc2NoZWR1bGVzLldhcm11cFN0YWJsZURlY2F5U2NoZWR1bGUAAAAA
            AAAAAAIABkkACmRlY2F5U3RlcHNEAAVmbG9vckQABHBlYWtJAAp0b3RhbFN0ZXBzSQALd2FybXVw
            U3RlcHNMAAR0eXBldAAnTG9yZy9uZDRqL2xpbmFsZy9zY2hlZHVsZS9TY2hlZHVsZVR5cGU7eHAA
            AAAUP4R64UeuFHs/uZmZmZmZmgAAAGQAAAAKfnIAJW9yZy5uZDRqLmxpbmFsZy5zY2hlZHVsZS5T
            Y2hlZHVsZVR5cGUAAAAAAAAAABIAAHhyAA5qYXZhLmxhbmcuRW51bQAAAAAAAAAAEgAAeHB0AAlJ
            VEVSQVRJT04=
            """,
            new WarmupStableDecaySchedule(
                ScheduleType.ITERATION, 0.1, 10, 20, 100, 0.01, Cooldown.LINEAR)),
        Arguments.of(
            """
            rO0ABXNyACtvcmcuZGw0anguc2NoZWR1bGVzLlBvbHlub21pYWxEZWNheVNjaGVkdWxlAAAAAAAA
            AAACAAVEAAVmbG9vckQAB2luaXRpYWxEAAVwb3dlckkACnRvdGFsU3RlcHNMAAR0eXBldAAnTG9y
            Zy9uZDRqL2xpbmFsZy9zY2hlZHVsZS9TY2hlZHVsZVR5cGU7eHA/hHrhR64Uez+5mZmZmZmaQAAA
            AAAAAAAAAABkfnIAJW9yZy5uZDRqLmxpbmFsZy5zY2hlZHVsZS5TY2hlZHVsZVR5cGUAAAAAAAAA
            ABIAAHhyAA5qYXZhLmxhbmcuRW51bQAAAAAAAAAAEgAAeHB0AAVFUE9DSA==
            """,
            new PolynomialDecaySchedule(ScheduleType.EPOCH, 0.1, 100, 2, 0.01, false)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aNullInAListIsRefusedByName(ISchedule schedule, String property) {
    assertRefused(
        schedule,
        tree -> ((ArrayNode) tree.get(property)).addNull(),
        property,
        "Invalid `null` value encountered for property \"" + property + "\"");
  }

  private static void assertRefused(
      ISchedule schedule, Consumer<ObjectNode> change, String property, String message) {
    for (ObjectMapper mapper : List.of(JSON, YAML)) {
      ObjectNode tree = mapper.valueToTree(schedule);
      change.accept(tree);

      assertThatExceptionOfType(MismatchedInputException.class)
          .isThrownBy(() -> mapper.readValue(mapper.writeValueAsString(tree), ISchedule.class))
          .satisfies(
              e -> {
                assertThat(e.getOriginalMessage()).isEqualTo(message);
                assertThat(e.getPath().get(0).getFieldName()).isEqualTo(property);
              });
    }
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void aNumberOutOfRangeIsRefusedByNameInJavaSerializationToo(ISchedule schedule, String property)
      throws Exception {
    byte[] bytes = javaBytes(schedule);
    String text = new String(bytes, ISO_8859_1);
    String numbers = numbers(schedule, "");
    assertThat(text).containsOnlyOnce(numbers);
    byte[] tampered = text.replace(numbers, numbers(schedule, property)).getBytes(ISO_8859_1);

    assertThatExceptionOfType(InvalidObjectException.class)
        .isThrownBy(() -> javaObject(tampered))
        .withMessageMatching(property + " must be .*, but was (NaN|-1)");
  }

  /** The primitive values as Java writes them, with one out of its range. */
  private static String numbers(ISchedule schedule, String outOfRange) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (RecordComponent component : primitives(schedule).toList()) {
      boolean wrong = component.getName().equals(outOfRange);
      Object value = component.getAccessor().invoke(schedule);
      if (value instanceof Double number) {
        out.writeDouble(wrong ? Double.NaN : number);
      } else if (value instanceof Integer number) {
        out.writeInt(wrong ? -1 : number);
      } else {
        out.writeBoolean((Boolean) value);
      }
    }
    return bytes.toString(ISO_8859_1);
  }

  /** In the order in which Java writes fields. */
  private static Stream<RecordComponent> primitives(ISchedule schedule) {
    return Arrays.stream(schedule.getClass().getRecordComponents())
        .filter(component -> component.getType().isPrimitive())
        .sorted(Comparator.comparing(RecordComponent::getName));
  }

  private static byte[] javaBytes(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object javaObject(byte[] bytes) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
