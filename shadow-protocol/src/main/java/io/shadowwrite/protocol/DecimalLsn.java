package io.shadowwrite.protocol;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/** Spells a log sequence number as an unsigned decimal string; a JSON number is refused, because it may have been rounded. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@JacksonAnnotationsInside
@JsonSerialize(using = DecimalLsnJson.Writer.class)
@JsonDeserialize(using = DecimalLsnJson.Reader.class)
public @interface DecimalLsn {}
