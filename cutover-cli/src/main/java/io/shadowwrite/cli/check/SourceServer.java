package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Severity;
import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.OldTransaction;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Whether the source's server can be read by two slots for weeks. Through one connection in auto-commit mode. */
final class SourceServer {

    /** Two readers, and the slot that exports the snapshot of each verification. */
    private static final int SLOTS_NEEDED = 3;

    /** A reader that is away for an hour of a busy source needs more than this. */
    private static final long LEAST_KEPT_MEGABYTES = 8 << 10;

    private static final long SHORTEST_TIMEOUT_MILLIS = 10_000;

    private static final String FACTS = """
            SELECT quote_ident(current_user) AS role,
                   current_setting('max_replication_slots')::int AS slots,
                   (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int AS slots_taken,
                   current_setting('max_wal_senders')::int AS senders,
                   (SELECT count(*) FROM pg_catalog.pg_stat_replication)::int AS senders_taken,
                   (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size') AS kept,
                   (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout') AS timeout,
                   pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_sessions,
                   (SELECT string_agg(quote_ident(btrim(name)), ', ')
                      FROM unnest(string_to_array(nullif(current_setting('output_plugin_libraries', true), ''), ',')) name
                     WHERE btrim(name) <> 'wal2json') AS libraries
            """;

    private final Connection connection;
    private final Facts facts;
    private final List<Finding> findings;

    private record Facts(
            String role,
            int slots,
            int freeSlots,
            int senders,
            int freeSenders,
            long keptMegabytes,
            long timeoutMillis,
            boolean seesSessions,
            @Nullable String libraries) {}

    private SourceServer(Connection connection, List<Finding> findings) throws SQLException {
        this.connection = connection;
        this.findings = findings;
        this.facts = facts(connection);
    }

    /**
     * Adds all findings.
     *
     * @param source the same server and role, for the connection of a stream
     * @param ownSlots names that the readers' slots will have
     * @param openSince transactions that are open for longer are told
     */
    static void look(
            Connection connection,
            SourceConnection source,
            List<String> ownSlots,
            Duration openSince,
            List<Finding> findings)
            throws SQLException {
        SourceServer server = new SourceServer(connection, findings);
        server.fitness(source);
        server.room(server.existing(ownSlots));
        server.retention();
        server.waiting(openSince);
    }

    private static Facts facts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FACTS)) {
            row.next();
            return new Facts(
                    row.getString("role"),
                    row.getInt("slots"),
                    row.getInt("slots") - row.getInt("slots_taken"),
                    row.getInt("senders"),
                    row.getInt("senders") - row.getInt("senders_taken"),
                    row.getLong("kept"),
                    row.getLong("timeout"),
                    row.getBoolean("sees_sessions"),
                    row.getString("libraries"));
        }
    }

    /** What the readers themselves look at, and then a connection as they open it. */
    private void fitness(SourceConnection source) throws SQLException {
        AtomicBoolean untried = new AtomicBoolean();
        List<StreamProblem> problems = new SourceInspection(connection)
                .server(() -> untried.set(true)).stream()
                        // Counted below, with what is needed beside it.
                        .filter(problem -> problem.code() != Code.NO_FREE_SLOT)
                        .toList();
        problems.forEach(this::add);
        if (untried.get()) {
            untried();
        }
        if (problems.isEmpty() && facts.freeSenders() > 0) {
            try (Connection _ = source.openReplication("shadow-preflight")) {
                return;
            } catch (StreamProblem problem) {
                add(problem);
            }
        }
    }

    private void untried() {
        String waitedFor = new SourceInspection(connection)
                .transactionsOlderThan(Duration.ZERO).stream()
                        .findFirst()
                        .map(oldest -> "%s, %d s old"
                                .formatted(oldest.description(), oldest.age().toSeconds()))
                        .orElse("one that has ended since");
        findings.add(Finding.warns(
                Side.SOURCE,
                "NOT_CHECKED",
                "nobody knows whether the plug-in takes the options of the readers: no slot could be created for older transactions, the oldest is %s"
                        .formatted(waitedFor),
                "repeat it when no transaction writes for longer than 2 s; slots wait for them too"));
    }

    private void add(StreamProblem problem) {
        findings.add(new Finding(
                Side.SOURCE,
                Severity.BLOCKS,
                problem.code().name(),
                "",
                problem.what(),
                problem.fix(),
                mending(problem.code())));
    }

    private @Nullable String mending(Code code) {
        return switch (code) {
            case WAL_LEVEL -> "ALTER SYSTEM SET wal_level = 'logical'; -- holds after a restart of the server";
            case PRIVILEGE -> "ALTER ROLE %s REPLICATION;".formatted(facts.role());
            case PLUGIN_NOT_ALLOWED ->
                "ALTER SYSTEM SET output_plugin_libraries = %s, wal2json; -- holds after a reload"
                        .formatted(facts.libraries() == null ? "pgoutput, test_decoding" : facts.libraries());
            default -> null;
        };
    }

    /** How many of our slots are there already. */
    private int existing(List<String> ownSlots) {
        ReplicationSlots slots = new ReplicationSlots(connection);
        int existing = 0;
        for (String name : ownSlots) {
            if (slots.find(name).isPresent()) {
                existing++;
                findings.add(Finding.blocks(
                        Side.SOURCE,
                        Code.SLOT_EXISTS.name(),
                        "slot %s exists".formatted(name),
                        "if a window is open it is its reader's, and no other can be opened; if none is, somebody who knows whose it was runs: SELECT pg_drop_replication_slot('%s');"
                                .formatted(name)));
            }
        }
        return existing;
    }

    private void room(int existing) {
        int needed = SLOTS_NEEDED - existing;
        if (facts.freeSlots() < needed) {
            findings.add(room("replication slot", facts.freeSlots(), needed, "max_replication_slots", facts.slots()));
        }
        if (facts.freeSenders() < needed) {
            findings.add(room("wal sender", facts.freeSenders(), needed, "max_wal_senders", facts.senders()));
        }
    }

    /** A hot standby with fewer wal senders than its primary stops to replay, and does not start again. */
    private static Finding room(String what, int free, int needed, String setting, int now) {
        boolean standbysFirst = setting.equals("max_wal_senders");
        return Finding.blocks(
                        Side.SOURCE,
                        Code.NO_FREE_SLOT.name(),
                        "%d %s(s) are free, two readers and the verifier need %d"
                                .formatted(Math.max(0, free), what, needed),
                        "raise %s%s and restart the source, or drop what nobody uses"
                                .formatted(setting, standbysFirst ? ", on every standby first and then here," : ""))
                .mendedBy("ALTER SYSTEM SET %s = %d; -- holds after a restart of the server%s"
                        .formatted(
                                setting,
                                now + needed - Math.max(0, free),
                                standbysFirst ? "; on every standby first, or it stops to replay" : ""));
    }

    private void retention() {
        if (facts.keptMegabytes() < LEAST_KEPT_MEGABYTES) {
            String what = facts.keptMegabytes() < 0
                    ? "max_slot_wal_keep_size is unlimited: a reader that is away can fill the source's disk and stop production"
                    : "max_slot_wal_keep_size is %d MB: a reader that is away for a while loses its slot, and the window with it"
                            .formatted(facts.keptMegabytes());
            findings.add(
                    Finding.warns(
                                    Side.SOURCE,
                                    "SLOT_WAL_LIMIT",
                                    what,
                                    "set it to what the disk of the WAL can spare, and reload")
                            .mendedBy(
                                    "ALTER SYSTEM SET max_slot_wal_keep_size = '64GB'; -- choose what the disk can spare; holds after a reload"));
        }
        if (facts.timeoutMillis() < SHORTEST_TIMEOUT_MILLIS) {
            findings.add(Finding.warns(
                            Side.SOURCE,
                            "WAL_SENDER_TIMEOUT",
                            facts.timeoutMillis() == 0
                                    ? "wal_sender_timeout is 0: a reader that vanished keeps its slot from the next one"
                                    : "wal_sender_timeout is %d ms: a reader that is busy for that long is thrown out"
                                            .formatted(facts.timeoutMillis()),
                            "set it for the role")
                    .mendedBy("ALTER ROLE %s SET wal_sender_timeout = '60s';".formatted(facts.role())));
        }
    }

    /** What creating a slot, and the pin of every verification, has to wait for. */
    private void waiting(Duration openSince) {
        if (!facts.seesSessions()) {
            findings.add(Finding.warns(
                            Side.SOURCE,
                            "SESSIONS_HIDDEN",
                            "role %s does not see the transactions of other roles, for which slots and verifications wait"
                                    .formatted(facts.role()),
                            "grant it pg_read_all_stats")
                    .mendedBy("GRANT pg_read_all_stats TO %s;".formatted(facts.role())));
        }
        for (OldTransaction open : new SourceInspection(connection).transactionsOlderThan(openSince)) {
            if (open.prepared()) {
                findings.add(Finding.blocks(
                        Side.SOURCE,
                        Code.OLD_TRANSACTION.name(),
                        "%s waits since %d s; no slot can be created until it ends"
                                .formatted(open.description(), open.age().toSeconds()),
                        "whoever prepared it runs COMMIT PREPARED or ROLLBACK PREPARED"));
            } else {
                findings.add(Finding.warns(
                        Side.SOURCE,
                        Code.OLD_TRANSACTION.name(),
                        "%s has a transaction open since %d s; no slot can be created until it ends"
                                .formatted(open.description(), open.age().toSeconds()),
                        "wait for it, or end it with pg_terminate_backend"));
            }
        }
    }
}
