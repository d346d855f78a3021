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
 * A property that must not be null in JSON or YAML, where Jackson alone would read null as 0 or
 * false. Nor may an element of it, if it is a list or an array. The error names the property.
 *
 * <p>On a component of a record, or a parameter of a creator, the property must not be missing
 * either. On a builder's method it may: what is missing has the builder's default.
 *
 * <p>Empty text and the text {@code "null"} count as null, as they do for Jackson.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
@JacksonAnnotationsInside
@JsonSetter(contentNulls = Nulls.FAIL)
@JsonDeserialize(using = GivenDeserializer.class)
public @interface Given {}
