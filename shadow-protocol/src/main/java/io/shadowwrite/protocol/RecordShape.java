package io.shadowwrite.protocol;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** The members of a record's object, as the record declares them, and the words for what is wrong with one. */
record RecordShape(Class<? extends Record> type, List<String> names, long nullable) {

    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    static RecordShape of(Class<? extends Record> type) {
        RecordComponent[] components = type.getRecordComponents();
        long nullable = 0;
        for (int i = 0; i < components.length; i++) {
            if (components[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                nullable |= 1L << i;
            }
        }
        return new RecordShape(
                type,
                Arrays.stream(components)
                        .map(component -> snakeCase(component.getName()))
                        .toList(),
                nullable);
    }

    private static String snakeCase(String name) {
        return CAPITAL.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT);
    }

    /** Where a member is declared; {@code expected} is where it is likely to be. */
    int indexOf(String name, int expected) {
        return expected < names.size() && names.get(expected).equals(name) ? expected : names.indexOf(name);
    }

    long all() {
        return (1L << names.size()) - 1;
    }

    JacksonException unknown(JsonParser parser, String name) {
        return UnrecognizedPropertyException.from(parser, type, name, List.copyOf(names));
    }

    JacksonException missing(JsonParser parser, long seen) {
        int first = Long.numberOfTrailingZeros(~seen);
        return MismatchedInputException.from(
                parser, type, "Missing required creator property '%s' (index %d)".formatted(names.get(first), first));
    }

    static JacksonException doubled(DeserializationContext context, Class<?> type, String name) {
        return MismatchedInputException.from(
                context.getParser(), type, "Duplicate Object property \"%s\"".formatted(name));
    }

    static JacksonException nullFor(DeserializationContext context, String name, Class<?> type) {
        return InvalidNullException.from(context, PropertyName.construct(name), context.constructType(type));
    }
}
