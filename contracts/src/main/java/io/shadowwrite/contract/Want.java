package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the place of an expression asks of it.
 *
 * @param type the type that literals here are written in; null where only a row's values make sense
 * @param kinds the kinds that fit
 * @param exact whether a cast must name that very type, because a target column has it
 */
record Want(@Nullable ColumnType type, Set<Kind> kinds, boolean exact) {

    static final ColumnType TEXT = new ColumnType("text", Kind.TEXT);

    static final ColumnType UUID = new ColumnType("uuid", Kind.UUID);

    static final ColumnType NUMERIC = new ColumnType("numeric", Kind.DECIMAL);

    static final ColumnType TIMESTAMP = new ColumnType("timestamp without time zone", Kind.TIMESTAMP);

    static final ColumnType TIMESTAMPTZ = new ColumnType("timestamp with time zone", Kind.TIMESTAMPTZ);

    static final Want SOME_TEXT = new Want(TEXT, EnumSet.of(Kind.TEXT), false);

    static final Want SOME_NUMBER = new Want(NUMERIC, EnumSet.of(Kind.INTEGER, Kind.DECIMAL), false);

    static final Want SOME_TIMESTAMP = new Want(TIMESTAMP, EnumSet.of(Kind.TIMESTAMP), false);

    /** Kinds whose equal values have equal texts, so that a value table can be looked up by text. */
    static final Want LOOKED_UP = new Want(
            null,
            EnumSet.of(Kind.BOOLEAN, Kind.INTEGER, Kind.TEXT, Kind.BLANK_PADDED, Kind.UUID, Kind.DATE, Kind.OTHER),
            false);

    static Want column(ColumnType type) {
        boolean unknown = TypeParser.isUnreadable(type);
        return new Want(type, unknown ? EnumSet.allOf(Kind.class) : EnumSet.of(type.kind()), true);
    }

    boolean fits(ColumnType given) {
        return TypeParser.isUnreadable(given) || kinds.contains(given.kind());
    }

    /** The type for a message, and for literals where none is asked for. */
    ColumnType literalType() {
        return type == null ? TEXT : type;
    }

    String words() {
        return exact && type != null
                ? type.sql()
                : kinds.stream().map(kind -> kind.name()).collect(Collectors.joining(" or "));
    }
}
