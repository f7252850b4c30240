package io.shadowwrite.replication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
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
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(commitLsn.asLong())
                .putInt(change.changeIndex())
                .flip());
        text(sha, change.leaf().schema());
        text(sha, change.leaf().name());
        switch (change) {
            case RowChange.Insert insert -> operation(sha, 'I', Row.EMPTY, insert.after());
            case RowChange.Update update -> operation(sha, 'U', update.identity(), update.after());
            case RowChange.Delete delete -> operation(sha, 'D', delete.identity(), Row.EMPTY);
            case RowChange.Truncate _ -> operation(sha, 'T', Row.EMPTY, Row.EMPTY);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha.digest());
        return new EventDigest(hash.getLong(), hash.getLong());
    }

    private static void operation(MessageDigest sha, char operation, Row identity, Row after) {
        sha.update((byte) operation);
        row(sha, identity);
        row(sha, after);
    }

    private static void row(MessageDigest sha, Row row) {
        sha.update(row.isEmpty() ? ABSENT_ROW : PRESENT_ROW);
        number(sha, row.columns().size());
        for (Map.Entry<String, ColumnValue> column : new TreeMap<>(row.columns()).entrySet()) {
            text(sha, column.getKey());
            switch (column.getValue()) {
                case ColumnValue.Null _ -> sha.update(NULL_VALUE);
                case ColumnValue.Text(String text) -> {
                    sha.update(TEXT_VALUE);
                    text(sha, text);
                }
            }
        }
    }

    private static void text(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(sha, bytes.length);
        sha.update(bytes);
    }

    private static void number(MessageDigest sha, int number) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
