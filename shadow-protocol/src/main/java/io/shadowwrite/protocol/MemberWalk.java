package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;

/** Walks over the members of one object, in any order, and refuses what its record does not declare. */
final class MemberWalk {

    private final JsonParser parser;
    private final DeserializationContext context;
    private final RecordShape shape;
    private int at = -1;
    private long seen;

    MemberWalk(JsonParser parser, DeserializationContext context, RecordShape shape) {
        this.parser = parser;
        this.context = context;
        this.shape = shape;
    }

    /**
     * Steps to the value of the next member.
     *
     * @return its name as {@link RecordShape} has it; null after the last one, when none is missing
     */
    @Nullable String next() {
        String name = parser.nextName();
        if (name == null) {
            if (seen != shape.all()) {
                at = -1;
                throw shape.missing(parser, seen);
            }
            return null;
        }
        at = shape.indexOf(name, at + 1);
        if (at < 0) {
            throw shape.unknown(parser, name).prependPath(shape.type(), name);
        }
        long bit = 1L << at;
        if ((seen & bit) != 0) {
            throw RecordShape.doubled(context, shape.type(), name);
        }
        seen |= bit;
        if (parser.nextToken() == JsonToken.VALUE_NULL && (shape.nullable() & bit) == 0) {
            throw RecordShape.nullFor(context, name, shape.type());
        }
        return shape.names().get(at);
    }

    /** The failure, with the way to it. */
    JacksonException inside(JacksonException failure) {
        return at < 0
                ? failure
                : failure.prependPath(shape.type(), shape.names().get(at));
    }
}
