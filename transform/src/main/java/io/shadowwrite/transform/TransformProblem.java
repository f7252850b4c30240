package io.shadowwrite.transform;

import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.TableName;

/**
 * A change that cannot become writes. The message names table, change and fix, and never a value of the row, so it may
 * be logged.
 */
public final class TransformProblem extends RuntimeException {

    /** What a caller does about it. */
    public enum Handling {
        /** Set this change and later ones of its key aside; the others go on. */
        PARKABLE,
        /** Stop: what follows cannot be trusted either. */
        HALTING
    }

    /** Every cause. */
    public enum Code {
        SCHEMA_DRIFT(
                Handling.HALTING,
                "describe the source as it is in the contract (a table out of scope is listed as unmapped) and restart"),
        TRUNCATE(Handling.HALTING, "decide what the truncation means for the target, repeat it there and resume"),
        IDENTITY_MISSING(
                Handling.HALTING,
                "give the source table a replica identity that covers the key of the contract, then load it again"),
        KEY_IS_NULL(Handling.PARKABLE, "let the condition of the write exclude such rows, or correct the row"),
        UNMAPPED_VALUE(Handling.PARKABLE, "add the value or a default to the map in the contract, or correct the row"),
        FILTER_COLUMN_UNCHANGED(
                Handling.PARKABLE,
                "set REPLICA IDENTITY FULL on the source table, or filter by a column that is never stored out of line"),
        VALUE_PARTLY_UNCHANGED(
                Handling.PARKABLE,
                "set REPLICA IDENTITY FULL on the source table, or let the target column take a single column"),
        UNREPRESENTABLE_VALUE(Handling.PARKABLE, "correct the row in the source, or the column's type in the contract");

        private final Handling handling;
        private final String fix;

        Code(Handling handling, String fix) {
            this.handling = handling;
            this.fix = fix;
        }

        public Handling handling() {
            return handling;
        }
    }

    private final Code code;
    private final transient TableName table;
    private final int changeIndex;

    TransformProblem(Code code, TableName table, int changeIndex, String detail) {
        super("%s in change %d of table %s: %s; %s".formatted(code, changeIndex, table, detail, code.fix));
        this.code = code;
        this.table = table;
        this.changeIndex = changeIndex;
    }

    /** A change whose column holds NaN or an infinity, for which the log has no spelling but that of NULL. */
    public static TransformProblem specialValue(RowChange change, String column) {
        return new TransformProblem(
                Code.UNREPRESENTABLE_VALUE,
                change.table(),
                change.changeIndex(),
                "column %s holds NaN or an infinity, which the log spells like NULL".formatted(column));
    }

    public Code code() {
        return code;
    }

    /** The table that was written; for a partition the root of its tree. */
    public TableName table() {
        return table;
    }

    /** Place of the change in its transaction, from 0. */
    public int changeIndex() {
        return changeIndex;
    }

    /** What an operator does about it. */
    public String fix() {
        return code.fix;
    }

    /** Whether the one change may be set aside. */
    public boolean parkable() {
        return code.handling == Handling.PARKABLE;
    }

    /** Whether nothing may be written before a person decided. */
    public boolean halting() {
        return code.handling == Handling.HALTING;
    }
}
