package io.shadowwrite.backfill;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceInspection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What must be so before anything is created on the source. For the thread that owns the connection. */
final class Preflight {

    /** Of the connections that are free, load and spares take no more than half. */
    private static final String FREE_CONNECTIONS = """
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')::int
            """;

    /** What a load that nothing hinders gets through, at the least. */
    private static final long SLOWEST_BYTES_A_SECOND = 5_000_000;

    private static final String WAL = """
            SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint AS written,
                   (SELECT setting::bigint * 1048576 FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size')
                       AS kept
            """;

    /** To this role, now: a policy for others, or one that its owner does not obey, hides nothing. */
    private static final String HIDING_ROWS = """
            SELECT c.oid::pg_catalog.regclass::text
              FROM pg_catalog.unnest(?::text[]) AS wanted (name)
              JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(wanted.name)
             WHERE pg_catalog.row_security_active(c.oid)
             ORDER BY 1
            """;

    private final Connection connection;
    private final Contract contract;
    private final SourceLook look;
    private final long beganNanos = System.nanoTime();
    private final long beganWal;

    Preflight(Connection connection, Contract contract) throws SQLException {
        this.connection = connection;
        this.contract = contract;
        this.look = SourceLook.at(contract, connection);
        this.beganWal = wal()[0];
    }

    /** One line each, with its fix. */
    List<String> problems() throws SQLException {
        List<String> problems = new ArrayList<>(new SourceInspection(connection)
                .server().stream().map(StreamProblem::getMessage).toList());
        problems.addAll(look.problems());
        problems.addAll(hiddenRows());
        return problems;
    }

    private List<String> hiddenRows() throws SQLException {
        List<String> problems = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(HIDING_ROWS)) {
            statement.setArray(1, connection.createArrayOf("text", tables().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    problems.add(
                            "PRIVILEGE: row security of %s hides rows from this role, and the log has them all. Run on the source: ALTER ROLE <user> BYPASSRLS;"
                                    .formatted(rows.getString(1)));
                }
            }
        }
        return problems;
    }

    /** SHA-256 over what the mapped tables are now. */
    String schema() {
        Stream<String> columns = look.columns().stream()
                .map(column -> "%s %s %s %b".formatted(column.table(), column.name(), column.type(), column.notNull()));
        Stream<String> identities = look.identities().stream()
                .map(identity -> "%s %s %s %s"
                        .formatted(identity.table(), identity.leaf(), identity.kind(), identity.keyColumns()));
        String text =
                String.join("\n", Stream.concat(columns, identities).sorted().toList());
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** The mapped tables, as SQL. */
    List<String> tables() {
        return SourceLook.mapped(contract).values().stream()
                .map(table -> table.name().quoted())
                .toList();
    }

    /** How many readers there may be, at least one. */
    int readers(int wanted, int spares) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FREE_CONNECTIONS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return Math.max(1, Math.min(wanted, row.getInt(1) / 2 - spares));
        }
    }

    /**
     * A warning when the source may throw away log that a slot needs before the load is over; empty when that is not to be
     * feared.
     *
     * @param bytes to be loaded
     */
    String walWarning(long bytes) throws SQLException {
        long[] now = wal();
        Duration load = Duration.ofSeconds(bytes / SLOWEST_BYTES_A_SECOND);
        double bytesPerSecond = (now[0] - beganWal) / ((System.nanoTime() - beganNanos) / 1e9);
        double needed = bytesPerSecond * load.toSeconds();
        return now[1] <= 0 || needed < now[1] / 2.0
                ? ""
                : "the source writes %.0f bytes of log a second, and max_slot_wal_keep_size is %d: a load of %s needs up to %.0f; raise it"
                        .formatted(bytesPerSecond, now[1], load, needed);
    }

    /** How much log was written, and how much of it slots may keep; 0 or less for all. */
    private long[] wal() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WAL);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new long[] {row.getLong("written"), row.getLong("kept")};
        }
    }
}
