package io.shadowwrite.contract;

/**
 * The type of a column: PostgreSQL's spelling, and the kind that decides its canonical text.
 *
 * @param sql the type as {@code format_type} spells it, for example {@code numeric(12,2)} or {@code text[]}; safe to put
 *     into SQL because the contract reader admits nothing but type names
 * @param kind the family of values
 */
public record ColumnType(String sql, Kind kind) {

    /**
     * Reads a type as a contract spells it: as {@code format_type} does, by a short alias ({@code varchar(40)},
     * {@code timestamptz}), or with its schema when it is not one of pg_catalog.
     *
     * @throws IllegalArgumentException when it is no such type; the message says what would be right
     */
    public static ColumnType parse(String spelling) {
        return TypeParser.parse(spelling);
    }

    /** Families of values that share one canonical form. */
    public enum Kind {
        BOOLEAN,
        /** smallint, integer, bigint. */
        INTEGER,
        /** numeric. */
        DECIMAL,
        /** real, double precision. */
        FLOAT,
        /** text, varchar. */
        TEXT,
        /** character(n): trailing blanks are not part of the value. */
        BLANK_PADDED,
        UUID,
        BYTEA,
        DATE,
        TIME,
        /** Without time zone. */
        TIMESTAMP,
        /** With time zone. */
        TIMESTAMPTZ,
        INTERVAL,
        /** Kept as written, compared as jsonb. */
        JSON,
        JSONB,
        ARRAY,
        /** Enums, domains, ranges and everything else: the server's own text. */
        OTHER;

        /** Whether NaN and the infinities are among its values, which the log spells like NULL. */
        public boolean hasNaN() {
            return this == DECIMAL || this == FLOAT;
        }
    }
}
