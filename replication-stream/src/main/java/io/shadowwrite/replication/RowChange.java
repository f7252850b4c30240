package io.shadowwrite.replication;

/** One change of one row, or one truncation of one table, inside a {@link SourceTransaction}. */
public sealed interface RowChange {

    /** Place among all row changes and truncations of the transaction, from 0, before any filter. */
    int changeIndex();

    /** The table that was written; for a partition the root of its tree. */
    TableName table();

    /** The table as the WAL names it: the partition that holds the row. */
    TableName leaf();

    /** A new row. */
    record Insert(int changeIndex, TableName table, TableName leaf, Row after) implements RowChange {}

    /**
     * A changed row.
     *
     * @param after the new row; columns of unchanged TOAST values are missing
     * @param identity the old key, or the whole old row under REPLICA IDENTITY FULL; empty when the source sent none
     */
    record Update(int changeIndex, TableName table, TableName leaf, Row after, Row identity) implements RowChange {}

    /**
     * A row that is gone.
     *
     * @param identity the old key, or the whole old row under REPLICA IDENTITY FULL; empty when the source sent none
     */
    record Delete(int changeIndex, TableName table, TableName leaf, Row identity) implements RowChange {}

    /** A truncated table. One TRUNCATE of several tables yields one change for each. */
    record Truncate(int changeIndex, TableName table, TableName leaf) implements RowChange {}
}
