package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.dl4jx.workbench.data.AtomicFile;
import org.dl4jx.workbench.data.DamagedFileException;

/** Records in JSON files. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .registerModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteOrNull())
                  .addSerializer(double.class, new FiniteOrNull()));

  private Json() {}

  /**
   * Reads a file.
   *
   * @param <T> type of the record
   * @param file the file
   * @param type class of the record
   * @param advice what the user can do about a file that holds something else
   * @return the record
   * @throws IOException if the file cannot be read or holds something else
   */
  public static <T> T read(Path file, Class<T> type, String advice) throws IOException {
    try {
      T value = MAPPER.readValue(Files.readAllBytes(file), type);
      if (value == null) {
        throw new DamagedFileException(file + " is empty; " + advice, null);
      }
      return value;
    } catch (JacksonException e) {
      throw new DamagedFileException(
          file + " cannot be read: " + e.getOriginalMessage() + "; " + advice, e);
    }
  }

  /**
   * Writes a file.
   *
   * @param file the file, replaced if it exists
   * @param value the record
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, Object value) throws IOException {
    AtomicFile.write(file, MAPPER.writeValueAsBytes(value));
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
    return differences;
  }

  private static void compare(
      String name, JsonNode found, JsonNode requested, List<String> differences) {
    if (found.isObject() && requested.isObject()) {
      for (Iterator<String> names = names(found, requested); names.hasNext(); ) {
        String key = names.next();
        compare(key, found.path(key), requested.path(key), differences);
      }
    } else if (!found.equals(requested)) {
      differences.add(String.format("%s was %s, now %s", name, found, requested));
    }
  }

  private static Iterator<String> names(JsonNode a, JsonNode b) {
    TreeSet<String> names = new TreeSet<>();
    a.fieldNames().forEachRemaining(names::add);
    b.fieldNames().forEachRemaining(names::add);
    return names.iterator();
  }
}
