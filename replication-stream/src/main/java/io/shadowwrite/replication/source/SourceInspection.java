package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks at a source before, and regularly while, it is read. Every finding carries the SQL that repairs it. Uses the
 * given connection from the calling thread and leaves it open.
 */
public final class SourceInspection {

    private static final int OLDEST_SERVER = 150_000;

    private static final String ROLE_MAY_REPLICATE = """
            SELECT (rolreplication OR rolsuper)::text
              FROM pg_catalog.pg_roles
             WHERE rolname = current_user
            """;

    private static final String OLD_TRANSACTIONS = """
            SELECT description, extract(epoch FROM age)::float8 AS seconds, prepared
              FROM (SELECT 'process ' || pid || ' (' || coalesce(application_name, '') || ')' AS description,
                           clock_timestamp() - xact_start AS age,
                           false AS prepared
                      FROM pg_catalog.pg_stat_activity
                     WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
                     UNION ALL
                    SELECT 'prepared transaction ' || gid, clock_timestamp() - prepared, true
                      FROM pg_catalog.pg_prepared_xacts) open
             WHERE age >= make_interval(secs => ?)
             ORDER BY age DESC
             LIMIT 100
            """;

    private final Connection connection;

    /** Inspects through an ordinary SQL connection in auto-commit mode. */
    public SourceInspection(Connection connection) {
        this.connection = connection;
    }

    /** What keeps this server from decoding for us: version, wal_level, encoding, privilege, plug-in and its options, free slots. */
    public List<StreamProblem> server() {
        return server(() -> {});
    }

    /**
     * The same.
     *
     * @param untried called when a transaction that does not end kept the options of the plug-in from being tried
     */
    public List<StreamProblem> server(Runnable untried) {
        return server("wal2json", Wal2JsonOptions.frozen(), untried);
    }

    /** The same for another plug-in or other options, so that what is missing can be shown. */
    List<StreamProblem> server(String plugin, Wal2JsonOptions options) {
        return server(plugin, options, () -> {});
    }

    private List<StreamProblem> server(String plugin, Wal2JsonOptions options, Runnable untried) {
        try {
            List<StreamProblem> problems = settings();
            if (problems.isEmpty()) {
                problems.addAll(PluginProbe.run(connection, plugin, options, untried));
            }
            return List.copyOf(problems);
        } catch (SQLException e) {
            throw StreamProblem.of("inspecting the source", e);
        }
    }

    private List<StreamProblem> settings() throws SQLException {
        List<StreamProblem> problems = new ArrayList<>();
        int version = Integer.parseInt(SessionSettings.show(connection, "server_version_num"));
        if (version < OLDEST_SERVER) {
            problems.add(new StreamProblem(
                    Code.SERVER_VERSION,
                    "the source is PostgreSQL " + version,
                    "PostgreSQL 15 is the oldest supported"));
        }
        if ("true".equals(single("SELECT pg_catalog.pg_is_in_recovery()::text"))) {
            problems.add(new StreamProblem(
                    Code.STANDBY, "the source is a standby", "Connect to the primary of the source instead"));
        }
        String walLevel = SessionSettings.show(connection, "wal_level");
        if (!walLevel.equals("logical")) {
            problems.add(new StreamProblem(
                    Code.WAL_LEVEL,
                    "wal_level is " + walLevel,
                    "Run on the source: ALTER SYSTEM SET wal_level = logical; then restart it"));
        }
        String encoding = SessionSettings.show(connection, "server_encoding");
        if (!encoding.equals("UTF8")) {
            problems.add(new StreamProblem(
                    Code.SERVER_ENCODING,
                    "the database is encoded in " + encoding,
                    "Only databases with server_encoding UTF8 can be shadowed"));
        }
        if (!"true".equals(single(ROLE_MAY_REPLICATE))) {
            String role = single("SELECT pg_catalog.quote_ident(current_user::text)");
            problems.add(new StreamProblem(
                    Code.PRIVILEGE,
                    "role " + role + " may not replicate",
                    "Run on the source: ALTER ROLE " + role + " REPLICATION;"));
        }
        return problems;
    }

    private String single(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    /**
     * How each of the tables, and each of their partitions, names old rows. A table that does not exist is left out here
     * and a problem of {@link #tables}.
     */
    public List<ReplicaIdentity> identities(Collection<TableName> tables) {
        try {
            return List.copyOf(ReplicaIdentityQuery.run(connection, tables));
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("reading replica identities", e);
        }
    }

    /**
     * The columns of these tables in their order; of a table that does not exist there are none.
     *
     * @throws StreamProblem when the source cannot be asked
     */
    public List<SourceColumn> columns(Collection<TableName> tables) {
        try {
            return List.copyOf(SourceColumnQuery.run(connection, tables));
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("reading the columns of the source", e);
        }
    }

    /**
     * By which columns rows of these tables can be told apart; for a partitioned table those of its root.
     *
     * @throws StreamProblem when the source cannot be asked
     */
    public List<UniqueKey> uniqueKeys(Collection<TableName> tables) {
        try {
            return List.copyOf(UniqueKeyQuery.run(connection, tables));
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("reading the unique keys of the source", e);
        }
    }

    /** What would make changes of these tables vanish silently: missing tables and unusable identities. */
    public List<StreamProblem> tables(Collection<TableName> tables) {
        return tables(tables, identities(tables));
    }

    /** The same, judged by what {@link #identities} of them said. */
    public List<StreamProblem> tables(Collection<TableName> tables, Collection<ReplicaIdentity> identities) {
        List<StreamProblem> problems = new ArrayList<>();
        Set<TableName> missing = new TreeSet<>(tables);
        for (ReplicaIdentity identity : identities) {
            missing.remove(identity.table());
            String problem = identity.problem();
            if (problem != null) {
                problems.add(new StreamProblem(
                        Code.REPLICA_IDENTITY,
                        "table " + identity.leaf() + " " + problem + ": its updates and deletes would vanish",
                        "Run on the source: " + identity.fix()));
            }
        }
        missing.removeAll(emptyRoots(missing));
        for (TableName table : missing) {
            problems.add(new StreamProblem(
                    Code.TABLE_MISSING,
                    "the source has no table " + table,
                    "Create it, or take it out of the contract"));
        }
        return problems;
    }

    /** Partitioned tables without a partition exist, but hold no rows and so have no identity to report. */
    private List<TableName> emptyRoots(Set<TableName> candidates) {
        List<TableName> roots = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT 1
                  FROM pg_catalog.pg_class c
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'p'
                """)) {
            for (TableName table : candidates) {
                statement.setString(1, table.schema());
                statement.setString(2, table.name());
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next()) {
                        roots.add(table);
                    }
                }
            }
            return roots;
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("looking for tables of the source", e);
        }
    }

    /** Open transactions with an xid, and prepared ones, at least as old as {@code age}; oldest first, at most 100. */
    public List<OldTransaction> transactionsOlderThan(Duration age) {
        List<OldTransaction> transactions = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OLD_TRANSACTIONS)) {
            statement.setDouble(1, age.toMillis() / 1000.0);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    transactions.add(new OldTransaction(
                            rows.getString("description"),
                            Duration.ofMillis(Math.round(rows.getDouble("seconds") * 1000)),
                            rows.getBoolean("prepared")));
                }
            }
            return transactions;
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("looking for old transactions", e);
        }
    }
}
