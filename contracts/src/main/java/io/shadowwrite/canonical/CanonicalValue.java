package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;

/** The one spelling of a value, from the text that logical decoding gives. */
public final class CanonicalValue {

    private CanonicalValue() {}

    /**
     * Canonical text of a value that is not NULL.
     *
     * @param decoded the value as wal2json spells it: numbers by their token, bytea as bare hex, timestamps as
     *     PostgreSQL's ISO text in UTC
     */
    public static String of(ColumnType type, String decoded) {
        throw new UnsupportedOperationException("being built: " + type + decoded.length());
    }
}
