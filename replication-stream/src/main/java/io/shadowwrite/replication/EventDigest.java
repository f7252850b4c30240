package io.shadowwrite.replication;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Fingerprint of one change: the first 16 bytes of a SHA-256 over its identity (commit LSN, change index), the table as
 * the WAL names it, the operation, the old key and the new columns sorted by name, each with its length. NULL and not
 * sent are different. Two readers of the same change always agree, whatever the catalog says by then about partitions.
 *
 * @param h0 first eight bytes, big endian
 * @param h1 next eight bytes, big endian
 */
public record EventDigest(long h0, long h1) {

    private static final byte ABSENT_ROW = 0;
    private static final byte PRESENT_ROW = 1;
    private static final byte NULL_VALUE = 2;
    private static final byte TEXT_VALUE = 3;

    /** The fingerprint of a change of the transaction that committed at {@code commitLsn}. */
    public static EventDigest of(LogSequenceNumber commitLsn, RowChange change) {
        HashedText text = new HashedText();
        text.number(commitLsn.asLong());
        text.number(change.changeIndex());
        text.text(change.leaf().schema());
        text.text(change.leaf().name());
        switch (change) {
            case RowChange.Insert insert -> operation(text, 'I', Row.EMPTY, insert.after());
            case RowChange.Update update -> operation(text, 'U', update.identity(), update.after());
            case RowChange.Delete delete -> operation(text, 'D', delete.identity(), Row.EMPTY);
            case RowChange.Truncate _ -> operation(text, 'T', Row.EMPTY, Row.EMPTY);
        }
        ByteBuffer hash = ByteBuffer.wrap(text.sha256());
        return new EventDigest(hash.getLong(), hash.getLong());
    }

    private static void operation(HashedText text, char operation, Row identity, Row after) {
        text.mark((byte) operation);
        row(text, identity);
        row(text, after);
    }

    private static void row(HashedText text, Row row) {
        text.mark(row.isEmpty() ? ABSENT_ROW : PRESENT_ROW);
        String[] names = row.columns().keySet().toArray(String[]::new);
        Arrays.sort(names);
        text.number(names.length);
        for (String name : names) {
            text.text(name);
            switch (row.get(name)) {
                case ColumnValue.Text(String value) -> {
                    text.mark(TEXT_VALUE);
                    text.text(value);
                }
                case ColumnValue.Null _ -> text.mark(NULL_VALUE);
                case null -> throw new IllegalStateException("a row lost its column");
            }
        }
    }
}
