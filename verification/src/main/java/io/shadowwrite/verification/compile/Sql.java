package io.shadowwrite.verification.compile;

/** Spelling of SQL fragments that do not depend on a contract. */
final class Sql {

    private Sql() {}

    /** A string literal; needs standard_conforming_strings, which every session here pins. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
