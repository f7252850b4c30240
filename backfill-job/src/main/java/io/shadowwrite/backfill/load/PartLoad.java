package io.shadowwrite.backfill.load;

import io.shadowwrite.protocol.LoadClient;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadResult;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.replication.LogSequenceNumber;

/** Reads the rows of one part, transforms them and sends them. Thread-safe; a session is for one part at a time. */
final class PartLoad {

    /** The API sorts the rows of a line; the more there are, the nearer they are to each other in the target's indexes. */
    private static final int ROWS_IN_A_LINE = LoadRange.MOST_ROWS_IN_A_LINE;

    /**
     * Read or to be sent: a line is held whole on the other side, as its bytes, and much that is read and left out must not make
     * the sender look silent.
     */
    private static final int BYTES_IN_A_LINE = 4 << 20;

    private final Transformer transformer;
    private final LoadClient client;
    private final LogSequenceNumber snapshotLsn;
    private final Refusals refusals;
    private final LoadProgress progress;

    PartLoad(
            Transformer transformer,
            LoadClient client,
            LogSequenceNumber snapshotLsn,
            Refusals refusals,
            LoadProgress progress) {
        this.transformer = transformer;
        this.client = client;
        this.snapshotLsn = snapshotLsn;
        this.refusals = refusals;
        this.progress = progress;
    }

    /** Breaks a request off whose part has rows that cannot be loaded. */
    private static final class Unloadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unloadable() {
            super("the part has rows that cannot be loaded");
        }
    }

    /** Reading failed; the cause is the database's. */
    static final class ReadFailed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final SQLException failure;

        ReadFailed(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }

    /**
     * Loads the part. A session of which this throws is in the middle of an answer, so nothing more can be asked of it. Nothing
     * is sent once rows have been refused: then the part is only looked through for more of them.
     *
     * @return empty when nothing of it was loaded because of refused rows
     */
    Optional<LoadResult> load(Connection session, Part part) {
        if (!refusals.isEmpty()) {
            read(session, part, null);
            return Optional.empty();
        }
        LoadRange range = new LoadRange(
                snapshotLsn, part.table().name().toString(), part.pass(), part.fromPage(), part.belowPage());
        try {
            return Optional.of(client.load(range, lines -> read(session, part, lines)));
        } catch (Unloadable told) {
            return Optional.empty();
        }
    }

    /** All rows of the part; answers how many. */
    private long read(Connection session, Part part, LoadClient.@Nullable Lines lines) {
        try {
            return read(session.unwrap(PGConnection.class).getCopyAPI().copyOut(part.copy()), part, lines);
        } catch (SQLException e) {
            throw new ReadFailed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long read(CopyOut copy, Part part, LoadClient.@Nullable Lines lines) throws SQLException, IOException {
        TableName table =
                new TableName(part.table().name().schema(), part.table().name().name());
        int fields = part.table().columns().size();
        LoadClient.@Nullable Lines open = lines;
        long read = 0;
        long told = 0;
        long bytes = 0;
        byte[] copied = copy.readFromCopy();
        while (copied != null) {
            read++;
            bytes += copied.length;
            if (!add(open, part, table, CopiedRow.parse(copied, fields))) {
                open = null;
            }
            if (read - told == ROWS_IN_A_LINE
                    || bytes >= BYTES_IN_A_LINE
                    || (open != null && open.length() >= BYTES_IN_A_LINE)) {
                endLine(open);
                progress.read(read - told, bytes);
                told = read;
                bytes = 0;
            }
            copied = copy.readFromCopy();
        }
        endLine(open);
        progress.read(read - told, bytes);
        if (open == null && lines != null) {
            throw new Unloadable();
        }
        return read;
    }

    private static void endLine(LoadClient.@Nullable Lines lines) throws IOException {
        if (lines != null) {
            lines.end();
        }
    }

    /** False when the row cannot be loaded. */
    private boolean add(LoadClient.@Nullable Lines lines, Part part, TableName table, List<ColumnValue> row) {
        try {
            LoadRow loaded = transformer.load(table, row);
            LoadRow ofPass = part.isWholeRow() ? loaded : ofPass(loaded, part);
            if (lines != null && !ofPass.writes().isEmpty()) {
                lines.add(ofPass);
            }
            return true;
        } catch (TransformProblem problem) {
            refusals.add(
                    String.valueOf(problem.getMessage()),
                    "%s %s".formatted(table, transformer.keyOfLoaded(table, row)));
            return false;
        }
    }

    private static LoadRow ofPass(LoadRow loaded, Part part) {
        List<ShadowWrite> writes = loaded.writes().stream()
                .filter(write -> part.models().contains(write.model()))
                .toList();
        return new LoadRow(loaded.sourceKey(), writes);
    }
}
