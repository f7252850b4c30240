package io.shadowwrite.replication;

/**
 * What the WAL said about one column. A column that was not sent (unchanged TOAST) has no value at all: see
 * {@link Row#get(String)}.
 */
public sealed interface ColumnValue {

    /** The one SQL NULL. */
    Null NULL = new Null();

    /**
     * A value in the source's own text form. Numbers keep their exact token ({@code 1.50}, {@code 1e+20}), booleans are
     * {@code true} and {@code false}, bytea is hex without {@code \x}.
     */
    record Text(String text) implements ColumnValue {

        /** Says that there is text, never which: row values stay out of logs. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " chars]";
        }
    }

    /** SQL NULL. */
    record Null() implements ColumnValue {}
}
