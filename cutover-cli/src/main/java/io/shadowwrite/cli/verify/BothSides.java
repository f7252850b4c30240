package io.shadowwrite.cli.verify;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatch;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.RowVersion;
import io.shadowwrite.protocol.RowVersions;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.SourceRowKey;
import io.shadowwrite.protocol.TargetRow;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The source in a snapshot of its own, and the target through the API once it has everything that the snapshot shows.
 * Nothing is written to either.
 *
 * @param bound how long the consumer may take to get there, and any query of the source
 */
public record BothSides(SourceConnection source, ShadowApi api, Subject subject, Duration bound)
        implements Recheck.Look {

    private static final String APPLICATION_NAME = "shadow-recheck";
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String WAL_END = "SELECT pg_catalog.pg_current_wal_insert_lsn()::text";

    /** Rows of the target under the key. */
    private record Target(
            @Nullable List<@Nullable String> found,
            int rows,
            @Nullable LogSequenceNumber lastEvent) {}

    /**
     * One look.
     *
     * @throws StreamProblem when the source does not answer
     * @throws ShadowProblem when the API does not, or the consumer does not arrive in time
     */
    @Override
    public Recheck.Both once() {
        List<@Nullable String> expected;
        LogSequenceNumber before;
        LogSequenceNumber after;
        try (Connection connection = source.open(APPLICATION_NAME)) {
            PinnedSession.pin(connection, bound);
            before = walEnd(connection);
            expected = expected(connection);
            after = walEnd(connection);
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("reading the source", e);
        }
        Target target = arrived(() -> subject.isMapping() ? mapping(before, after) : row(before, after));
        return new Recheck.Both(expected, target.found(), target.rows(), before, target.lastEvent());
    }

    /** Leaves the connection outside of a transaction. */
    private @Nullable List<@Nullable String> expected(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        SqlSide side = SqlSide.expected(new Sessions(List.of(connection), bound), new Scans(RowHash.MD5, 1, 100));
        List<@Nullable String> row =
                side.rows(subject.comparison(), List.of(subject.key())).get(subject.key());
        connection.rollback();
        connection.setAutoCommit(true);
        return row;
    }

    private static LogSequenceNumber walEnd(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(WAL_END)) {
            rows.next();
            return Lsn.parse(rows.getString(1));
        }
    }

    /** The consumer's heartbeat moves an idle source on, so waiting ends. */
    private <T> T arrived(Supplier<T> read) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            try {
                return read.get();
            } catch (ShadowProblem e) {
                if (e.type() != ProblemType.POSITION_BEHIND || System.nanoTime() - deadline >= 0 || !slept()) {
                    throw e;
                }
            }
        }
    }

    private static boolean slept() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Target row(LogSequenceNumber before, LogSequenceNumber after) {
        try {
            FoundRows found = api.lookup(
                    subject.kind(), subject.comparison().model(), new RowLookup(List.of(subject.key()), after, before));
            TargetRow row = found.rows().getFirst();
            return row == null
                    ? new Target(null, 0, null)
                    : new Target(new ArrayList<>(row.values().values()), current(after), row.lastEventLsn());
        } catch (ShadowProblem e) {
            if (e.type() == ProblemType.MALFORMED_REQUEST) {
                // No row can have a key that its columns cannot hold.
                return new Target(null, 0, null);
            }
            throw e;
        }
    }

    private int current(LogSequenceNumber after) {
        // A path carries no slash and no backslash; a second version under such a key is for the next run to find.
        if (subject.kind() == ReadKind.CRUD || subject.key().matches(".*[/\\\\].*")) {
            return 1;
        }
        try {
            RowVersions versions =
                    api.row(subject.kind(), subject.comparison().model(), subject.key(), after, null, true);
            return Math.toIntExact(versions.rows().stream()
                    .map(TargetRow::version)
                    .filter(BothSides::isCurrent)
                    .count());
        } catch (ShadowProblem e) {
            if (e.type() == ProblemType.ROW_NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    private static boolean isCurrent(@Nullable RowVersion version) {
        return version != null && version.validTo() == null && !version.archived();
    }

    private Target mapping(LogSequenceNumber before, LogSequenceNumber after) {
        SourceRowKey key = new SourceRowKey(subject.comparison().sourceTables(), subject.key());
        KeyMapMatch match = api.lookup(new KeyMapLookup(List.of(key), List.of(), after, before))
                .matches()
                .getFirst();
        List<List<@Nullable String>> current = new ArrayList<>();
        match.mappings().stream()
                .filter(mapping -> mapping.current()
                        && mapping.model().equals(subject.comparison().model()))
                .forEach(mapping -> {
                    List<@Nullable String> columns = new ArrayList<>();
                    columns.add(mapping.targetKey());
                    current.add(columns);
                });
        return new Target(
                current.isEmpty() ? null : current.getFirst(), Math.min(1, current.size()), match.lastEventLsn());
    }
}
