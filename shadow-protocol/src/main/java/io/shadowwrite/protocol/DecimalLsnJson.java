package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/** The two halves of {@link DecimalLsn}. */
final class DecimalLsnJson {

    private DecimalLsnJson() {}

    static final class Writer extends ValueSerializer<LogSequenceNumber> {
        @Override
        public void serialize(LogSequenceNumber value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(Long.toUnsignedString(value.asLong()));
        }
    }

    static final class Reader extends ValueDeserializer<LogSequenceNumber> {
        @Override
        public LogSequenceNumber deserialize(JsonParser parser, DeserializationContext context) {
            return read(parser, context);
        }
    }

    /** The number the parser stands on. */
    static LogSequenceNumber read(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return context.reportInputMismatch(
                    LogSequenceNumber.class, "a log sequence number is a decimal string, such as \"26970456\"");
        }
        try {
            return LogSequenceNumber.valueOf(Long.parseUnsignedLong(parser.getString()));
        } catch (NumberFormatException notDecimal) {
            return context.reportInputMismatch(
                    LogSequenceNumber.class,
                    "a log sequence number is unsigned decimal digits, not '%s'",
                    parser.getString());
        }
    }
}
