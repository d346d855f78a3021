package org.dl4jx.schedules.checks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.nd4j.shade.jackson.annotation.JacksonAnnotationsInside;
import org.nd4j.shade.jackson.annotation.JsonSetter;
import org.nd4j.shade.jackson.annotation.Nulls;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Marks a property that must not be null in JSON or YAML. On its own, Jackson would read null as 0
 * or false. The elements of a list or an array must not be null either. The error names the
 * property.
 *
 * <p>On a component of a record or a parameter of a creator, the property must not be missing
 * either, unless it {@link #mayBeMissing}. On the method of a builder, it may always be missing and
 * then keeps the builder's default.
 *
 * <p>Empty text and the text {@code "null"} count as null, as they do in Jackson.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
@JacksonAnnotationsInside
@JsonSetter(contentNulls = Nulls.FAIL)
@JsonDeserialize(using = GivenDeserializer.class)
public @interface Given {
  /**
   * For a component of a record or a parameter of a creator that files of older versions do not
   * have: a missing property is read as null, 0 or false, as Java serialization reads it.
   *
   * @return whether the property may be missing
   */
  boolean mayBeMissing() default false;
}
