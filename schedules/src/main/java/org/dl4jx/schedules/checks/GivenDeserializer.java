package org.dl4jx.schedules.checks;

import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.BeanProperty;
import org.nd4j.shade.jackson.databind.DeserializationContext;
import org.nd4j.shade.jackson.databind.JsonDeserializer;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.deser.ContextualDeserializer;
import org.nd4j.shade.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads a property as Jackson does, but refuses null and, if Jackson asks, a missing property that
 * may not be missing.
 */
final class GivenDeserializer extends JsonDeserializer<Object> implements ContextualDeserializer {
  private final BeanProperty property;
  private final JsonDeserializer<?> usual;

  /** For Jackson, which calls {@link #createContextual} on it to get one for a property. */
  GivenDeserializer() {
    this(null, null);
  }

  private GivenDeserializer(BeanProperty property, JsonDeserializer<?> usual) {
    this.property = property;
    this.usual = usual;
  }

  @Override
  public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property)
      throws JsonMappingException {
    return new GivenDeserializer(
        property, context.findContextualValueDeserializer(property.getType(), property));
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    return isNull(parser) ? getNullValue(context) : usual.deserialize(parser, context);
  }

  @Override
  public Object deserializeWithType(
      JsonParser parser, DeserializationContext context, TypeDeserializer type) throws IOException {
    return usual.deserializeWithType(parser, context, type);
  }

  /** Jackson treats these texts as null too. */
  private static boolean isNull(JsonParser parser) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return false;
    }
    String text = parser.getText().trim();
    return text.isEmpty() || text.equals("null");
  }

  @Override
  public Object getNullValue(DeserializationContext context) throws JsonMappingException {
    return context.reportInputMismatch(
        property.getType(), property.getName() + " must not be null");
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
    Given given = property.getAnnotation(Given.class);
    return given != null && given.mayBeMissing()
        ? usual.getAbsentValue(context)
        : context.reportInputMismatch(property.getType(), property.getName() + " is missing");
  }
}
