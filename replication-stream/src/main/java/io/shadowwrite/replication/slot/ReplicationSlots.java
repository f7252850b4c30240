package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The logical slots of a source. Uses the given connection from the calling thread and leaves it open. */
public final class ReplicationSlots {

    private static final String QUERY_CANCELED = "57014";

    private static final String SLOTS = """
            SELECT slot_name,
                   plugin,
                   database,
                   temporary,
                   active,
                   active_pid,
                   confirmed_flush_lsn::text AS confirmed_flush,
                   restart_lsn::text AS restart_lsn,
                   wal_status,
                   greatest(0, coalesce(pg_catalog.pg_wal_lsn_diff(
                     CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                          ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn), 0))::bigint AS retained,
                   safe_wal_size
              FROM pg_catalog.pg_replication_slots
             WHERE slot_type = 'logical' AND starts_with(slot_name, ?)
             ORDER BY slot_name
            """;

    private final Connection connection;

    /** Works through an ordinary SQL connection in auto-commit mode; reading also works through a replication one. */
    public ReplicationSlots(Connection connection) {
        this.connection = connection;
    }

    /** The slot of that name, whatever its plug-in or database. */
    public Optional<SlotInfo> find(String name) {
        return list(name).stream().filter(slot -> slot.name().equals(name)).findFirst();
    }

    /** The logical slots whose names start with the prefix, by name. */
    public List<SlotInfo> list(String prefix) {
        try (PreparedStatement statement = connection.prepareStatement(SLOTS)) {
            statement.setString(1, prefix);
            List<SlotInfo> slots = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    slots.add(slot(rows));
                }
            }
            return slots;
        } catch (SQLException e) {
            throw StreamProblem.of("listing replication slots", e);
        }
    }

    private static SlotInfo slot(ResultSet row) throws SQLException {
        int pid = row.getInt("active_pid");
        Integer activePid = row.wasNull() ? null : pid;
        long safe = row.getLong("safe_wal_size");
        Long safeWalBytes = row.wasNull() ? null : safe;
        return new SlotInfo(
                row.getString("slot_name"),
                row.getString("plugin"),
                row.getString("database"),
                row.getBoolean("temporary"),
                row.getBoolean("active"),
                activePid,
                lsn(row.getString("confirmed_flush")),
                lsn(row.getString("restart_lsn")),
                row.getString("wal_status"),
                row.getLong("retained"),
                safeWalBytes);
    }

    private static @Nullable LogSequenceNumber lsn(@Nullable String text) {
        return text == null ? null : Lsn.parse(text);
    }

    /**
     * Creates a permanent wal2json slot in this database. Waits for older transactions at most {@code maxWait}; nothing
     * stays behind when that is not enough, even if this process dies meanwhile: the server keeps the time.
     *
     * @throws StreamProblem SLOT_EXISTS, SLOT_WAIT, WAL_LEVEL, PLUGIN_MISSING, PLUGIN_NOT_ALLOWED, NO_FREE_SLOT, PRIVILEGE
     */
    public CreatedSlot create(String name, Duration maxWait) {
        try {
            WalLevel.require(connection);
            String before = statementTimeout(Long.toString(Math.max(1, maxWait.toMillis())));
            try {
                return createNow(name);
            } finally {
                statementTimeout(before);
            }
        } catch (SQLException e) {
            throw QUERY_CANCELED.equals(e.getSQLState())
                    ? waitedTooLong(name, maxWait, e)
                    : StreamProblem.of("creating slot " + name, e);
        }
    }

    static StreamProblem waitedTooLong(String name, Duration maxWait, @Nullable SQLException cause) {
        return new StreamProblem(
                Code.SLOT_WAIT,
                "creating slot " + name + " waited " + maxWait + " for older transactions",
                "End long and prepared transactions of the source, then retry",
                cause);
    }

    private CreatedSlot createNow(String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT lsn::text FROM pg_catalog.pg_create_logical_replication_slot(?, 'wal2json')")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new CreatedSlot(name, Lsn.parse(rows.getString(1)));
            }
        }
    }

    /** Sets the time-out and answers the one before. */
    private String statementTimeout(String timeout) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW statement_timeout")) {
            rows.next();
            String before = rows.getString(1);
            try (PreparedStatement set =
                    connection.prepareStatement("SELECT pg_catalog.set_config('statement_timeout', ?, false)")) {
                set.setString(1, timeout);
                set.execute();
            }
            return before;
        }
    }

    /**
     * Drops the slot; a slot that does not exist is no error.
     *
     * @throws StreamProblem SLOT_IN_USE while somebody reads it
     */
    public void drop(String name) {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_catalog.pg_drop_replication_slot(slot_name)
                  FROM pg_catalog.pg_replication_slots
                 WHERE slot_name = ?
                """)) {
            statement.setString(1, name);
            statement.execute();
        } catch (SQLException e) {
            throw StreamProblem.of("dropping slot " + name, e);
        }
    }
}
