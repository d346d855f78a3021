package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dl4jx.workbench.data.DamagedFileException;
import org.dl4jx.workbench.files.AtomicFile;

/** Records in JSON files. Reading is strict: nothing is missing, repeated or of another type. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteOrNull())
                  .addSerializer(double.class, new FiniteOrNull()))
          .build();

  private static final int LONGEST_VALUE = 60;
  private static final long LONGEST_FILE = 64 << 20;

  private Json() {}

  /**
   * Reads a file.
   *
   * @param <T> type of the record
   * @param file the file
   * @param type class of the record
   * @param advice what the user can do about a file that holds something else
   * @return the record
   * @throws DamagedFileException if the file holds something else
   * @throws IOException if the file cannot be read
   */
  public static <T> T read(Path file, Class<T> type, String advice) throws IOException {
    try {
      return read(file, type);
    } catch (DamagedFileException e) {
      throw new DamagedFileException(e.getMessage() + "; " + advice, e);
    }
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    if (Files.size(file) > LONGEST_FILE) {
      throw new DamagedFileException(
          file + " cannot be read: it is longer than " + LONGEST_FILE + " bytes", null);
    }
    try {
      return parse(Files.readAllBytes(file), type);
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException that says what is wrong, and where
   */
  static <T> T parse(byte[] text, Class<T> type) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      addAverages(tree);
      T value = tree.isMissingNode() ? null : MAPPER.treeToValue(tree, type);
      if (value == null) {
        throw new IllegalArgumentException("it is empty");
      }
      return value;
    } catch (JsonMappingException e) {
      String place =
          e.getPath().stream()
              .map(part -> part.getFieldName() == null ? "" + part.getIndex() : part.getFieldName())
              .collect(Collectors.joining("."));
      boolean own = e.getCause() instanceof IllegalArgumentException;
      String what = own ? e.getCause().getMessage() : plain(e);
      throw new IllegalArgumentException(place.isEmpty() ? what : place + ": " + what, e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(plain(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Versions before there were averages have written nothing about them. */
  private static void addAverages(JsonNode root) {
    for (JsonNode part :
        List.of(root.path("setup"), root.path("settings").path("setup"), root.path("result"))) {
      if (part instanceof ObjectNode known && !known.has("averages")) {
        known.putArray("averages");
      }
    }
  }

  /** Without the packages of classes. */
  private static String plain(JacksonException e) {
    return e.getOriginalMessage()
        .replaceAll("`?\\b(?:java|org)(?:\\.\\w+)*\\.(\\w+)`?", "$1")
        .replaceAll("[:;]? (not allowed as per )?`DeserializationFeature\\.\\w+`( enabled)?", "")
        .replaceAll("\\[Source: .*?; (line: \\d+, column: \\d+)]", "$1");
  }

  /**
   * Writes a file.
   *
   * @param file the file, replaced if it exists
   * @param value the record
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, Object value) throws IOException {
    AtomicFile.write(file, text(value));
  }

  static byte[] text(Object value) throws IOException {
    return MAPPER.writeValueAsBytes(value);
  }

  static JsonNode tree(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  /** JSON has no NaN. */
  private static final class FiniteOrNull extends StdSerializer<Double> {
    private static final long serialVersionUID = 1L;

    FiniteOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  /** The values in which two records differ, such as {@code "epochs was 3, now 5"}. */
  static List<String> differences(Object found, Object requested) {
    List<String> differences = new ArrayList<>();
    compare("", MAPPER.valueToTree(found), MAPPER.valueToTree(requested), differences);
    return differences.stream().distinct().collect(Collectors.toCollection(ArrayList::new));
  }

  private static void compare(
      String name, JsonNode found, JsonNode requested, List<String> differences) {
    if (found.isObject() && requested.isObject()) {
      for (Iterator<String> names = names(found, requested); names.hasNext(); ) {
        String key = names.next();
        compare(key, found.path(key), requested.path(key), differences);
      }
    } else if (found.isArray() && requested.isArray() && found.size() == requested.size()) {
      for (int i = 0; i < found.size(); i++) {
        compare(name, found.get(i), requested.get(i), differences);
      }
    } else if (!found.equals(requested)) {
      differences.add(String.format("%s was %s, now %s", name, brief(found), brief(requested)));
    }
  }

  private static String brief(JsonNode value) {
    String text = value.isMissingNode() ? "missing" : value.toString();
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
  }

  private static Iterator<String> names(JsonNode a, JsonNode b) {
    TreeSet<String> names = new TreeSet<>();
    a.fieldNames().forEachRemaining(names::add);
    b.fieldNames().forEachRemaining(names::add);
    return names.iterator();
  }
}
