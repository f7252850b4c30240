package io.shadowwrite.api.read;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Database;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.context.ConfigurableApplicationContext;

/** A running shadow-api over a target with every type of key, one for all tests of reads in the JVM. */
public final class ReadApi {

    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ReadApi SHARED = create();

    private final Database target;
    private final ConfigurableApplicationContext context;
    private final ShadowApi service;
    private final RowStreams streams;

    private ReadApi(Database target, ConfigurableApplicationContext context) {
        this.target = target;
        this.context = context;
        this.service = ShadowApiClient.connect(url(context), TestApi.TOKEN, TIMEOUT);
        this.streams = RowStreams.connect(url(context), TestApi.TOKEN, TIMEOUT);
    }

    public static ReadApi shared() {
        return SHARED;
    }

    private static ReadApi create() {
        Database server = TestApi.shared().target();
        server.execute("create database reads");
        Database target = server.named("reads");
        target.runScript(resource("/read/target.sql"));
        return new ReadApi(target, start(target));
    }

    /** One more API over the same target; the caller closes it. */
    ConfigurableApplicationContext another(String... more) {
        return start(target, more);
    }

    private static ConfigurableApplicationContext start(Database target, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--shadow.contract.location=" + resource("/read/contract.json"),
                "--shadow.migration-id=reads",
                "--shadow.target.url=" + target.jdbcUrl(),
                "--shadow.target.user=" + target.user(),
                "--shadow.target.password=" + target.password(),
                "--shadow.api.operator-token=" + TestApi.OPERATOR_TOKEN));
        arguments.addAll(Arrays.asList(more));
        if (Arrays.stream(more).noneMatch(one -> one.startsWith("--shadow.api.token="))) {
            arguments.add("--shadow.api.token=" + TestApi.TOKEN);
        }
        return ShadowApiApplication.start(arguments.toArray(String[]::new));
    }

    static URI url(ConfigurableApplicationContext context) {
        return URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(ReadApi.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Database target() {
        return target;
    }

    URI url() {
        return url(context);
    }

    public ShadowApi service() {
        return service;
    }

    RowStreams streams() {
        return streams;
    }

    public Contract contract() {
        return context.getBean(Contract.class);
    }

    public void reset() {
        target.execute("""
                truncate lib.person, lib.memo, lib.tag, lib.account, lib.place, lib.link,
                         provenance.transaction, shadow.pk_map, shadow.event_ledger, shadow.backfill_state,
                         shadow.reader_position
                """);
    }

    /** Empties everything and opens the window at 1,000 and a first session. */
    public void open() {
        reset();
        String hash = contract().sha256();
        ShadowApiClient.connect(url(), TestApi.OPERATOR_TOKEN, TIMEOUT)
                .openWindow(new Window(
                        "reads",
                        "cdc_shadow_primary",
                        lsn(1_000),
                        "cdc_shadow_verifier",
                        lsn(1_000),
                        "7000",
                        1,
                        "options",
                        hash,
                        3,
                        GapPolicy.RESET,
                        TickClock.SOURCE));
        service.openSession(
                new SessionRequest("consumer-1", "reads", "cdc_shadow_primary", hash, "options", "7000", 1));
    }

    /** One source transaction; the position is behind it afterwards, at {@code commitLsn + 8}. */
    public void commit(long commitLsn, ChangeWrites... changes) {
        commit(service, commitLsn, changes);
    }

    /** The same through any API over the target. */
    static void commit(ShadowApi through, long commitLsn, ChangeWrites... changes) {
        List<ChangeWrites> numbered = new ArrayList<>();
        for (ChangeWrites change : changes) {
            numbered.add(new ChangeWrites(
                    numbered.size(),
                    change.sourceTable(),
                    change.sourceKey(),
                    change.formerKey(),
                    change.operation(),
                    change.digest(),
                    change.inScope(),
                    change.writes()));
        }
        through.write(new WriteBatch(
                1,
                lsn(commitLsn + 8),
                List.of(new TransactionWrites(
                        lsn(commitLsn), lsn(commitLsn + 8), commitLsn, NOON.plusNanos(commitLsn * 1_000), numbered))));
    }

    public static ChangeWrites memo(long id, String body) {
        return upsert(
                "memo", "{\"id\":%d}".formatted(id), "Memo", Map.of("id", String.valueOf(id)), Map.of("body", body));
    }

    static ChangeWrites memoGone(long id) {
        return remove("memo", "{\"id\":%d}".formatted(id), "Memo", Map.of("id", String.valueOf(id)));
    }

    public static ChangeWrites tag(String sourceKey, String code, String label) {
        return upsert("tag", sourceKey, "Tag", Map.of("code", code), Map.of("label", label));
    }

    static ChangeWrites place(String sourceKey, String country, int no, String name) {
        return upsert(
                "place",
                sourceKey,
                "Place",
                Map.of("country", country, "no", String.valueOf(no)),
                Map.of("name", name));
    }

    /** An event that changes nothing in the target. */
    public static ChangeWrites filtered(String table, String sourceKey) {
        return new ChangeWrites(
                0, "app." + table, sourceKey, null, Operation.UPDATE, digest(sourceKey), true, List.of());
    }

    static ChangeWrites upsert(
            String table,
            String sourceKey,
            String model,
            Map<String, String> key,
            Map<String, @Nullable String> values) {
        return change(table, sourceKey, Operation.UPDATE, new ShadowWrite(0, model, Action.UPSERT, key, values, null));
    }

    public static ChangeWrites remove(String table, String sourceKey, String model, Map<String, String> key) {
        return change(
                table, sourceKey, Operation.DELETE, new ShadowWrite(0, model, Action.REMOVE, key, Map.of(), null));
    }

    private static ChangeWrites change(String table, String sourceKey, Operation operation, ShadowWrite write) {
        return new ChangeWrites(0, "app." + table, sourceKey, null, operation, digest(sourceKey), true, List.of(write));
    }

    private static String digest(String key) {
        return "%016x%016x".formatted(key.length(), key.hashCode());
    }

    /** How the server would run a look-up of ours, as such look-ups are run. */
    public String plan(String sql, Object... parameters) {
        ShadowDatabase.Settings settings =
                new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 1);
        try (ReadDatabase database = new ReadDatabase(settings, new ReadDatabase.Limits(1, TIMEOUT, TIMEOUT))) {
            return new Snapshots(database)
                    .byIndex(
                            null,
                            _ -> String.join(
                                    "\n",
                                    database.jdbc()
                                            .sql("explain " + sql)
                                            .params(parameters)
                                            .query(String.class)
                                            .list()));
        }
    }

    /** Mappings and receipts of this many memos, an event each at 10,000 and following. */
    public void fillKeyMap(int rows) {
        commit(2_000, memo(0, "first"));
        target.execute(
                """
                insert into shadow.pk_map
                select m.source_table, m.target_model, '0/2710', '{"id":' || g || '}', '{"id":' || g || '}', 'current'
                  from shadow.pk_map m, generate_series(1, %d) g
                """.formatted(rows), """
                insert into shadow.event_ledger (commit_lsn, xid, digest0, digest1, change_index, side, source_table,
                                                 operation, disposition, source_key)
                select '0/2710'::pg_lsn + g, 1, 1, 1, 0, 1, e.source_table, 2, 1, '{"id":' || g || '}'
                  from shadow.event_ledger e, generate_series(1, %d) g
                """.formatted(rows), "update shadow.reader_position set position = '0/F000000'");
    }

    public static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }

    /** The problem that a call ends with. */
    public static ShadowProblem problem(ProblemType type, Runnable call) {
        try {
            call.run();
        } catch (ShadowProblem problem) {
            if (problem.type() == type) {
                return problem;
            }
            throw problem;
        }
        throw new AssertionError("no problem, but " + type + " was expected");
    }
}
