package io.shadowwrite.api;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.context.ConfigurableApplicationContext;

/** One running shadow-api for all tests of the JVM, over a target of its own; {@link #reset} empties that target. */
public final class TestApi {

    public static final String TOKEN = "service-token-of-the-tests";
    public static final String OPERATOR_TOKEN = "operator-token-of-the-tests";
    public static final LogSequenceNumber BASELINE = lsn(1_000);
    public static final Path CONTRACT = resource("contract.json");

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final TestApi SHARED = start();

    private final Database target;
    private final ConfigurableApplicationContext context;
    private final URI url;
    private final ShadowApi service;
    private final ShadowApi operator;

    private TestApi(Database target, ConfigurableApplicationContext context) {
        this.target = target;
        this.context = context;
        this.url = URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
        this.service = ShadowApiClient.connect(url, TOKEN, TIMEOUT);
        this.operator = ShadowApiClient.connect(url, OPERATOR_TOKEN, TIMEOUT);
    }

    public static TestApi shared() {
        return SHARED;
    }

    private static TestApi start() {
        // Both end with the JVM.
        PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET);
        Database target = server.createDatabase("unified");
        target.runScript(resource("target.sql"));
        return new TestApi(target, ShadowApiApplication.start(arguments(target)));
    }

    /** A command line that serves the test contract on a free port. */
    public static String[] arguments(Database target) {
        return new String[] {
            "--server.port=0",
            "--springdoc.api-docs.enabled=false",
            "--shadow.contract.location=" + CONTRACT,
            "--shadow.migration-id=test",
            "--shadow.target.url=" + target.jdbcUrl(),
            "--shadow.target.user=" + target.user(),
            "--shadow.target.password=" + target.password(),
            "--shadow.api.token=" + TOKEN,
            "--shadow.api.operator-token=" + OPERATOR_TOKEN
        };
    }

    public Database target() {
        return target;
    }

    /** The application itself, for what its routes do not tell. */
    public ConfigurableApplicationContext context() {
        return context;
    }

    public URI url() {
        return url;
    }

    public ShadowApi service() {
        return service;
    }

    public ShadowApi operator() {
        return operator;
    }

    /** Empties the target and every table of ours. */
    public void reset() {
        // The audit is append-only; only who owns the table can take that away for a moment.
        target.execute("""
                do $$
                begin
                    if exists (select from shadow.cutover_audit) then
                        alter table shadow.cutover_audit disable trigger append_only;
                        truncate shadow.cutover_audit;
                        alter table shadow.cutover_audit enable always trigger append_only;
                    end if;
                end $$
                """);
        target.execute("""
                truncate unified.country, unified.city, unified.partner, unified.note, unified.presence,
                         provenance.transaction, shadow.pk_map, shadow.event_ledger, shadow.attestation,
                         shadow.backfill_state, shadow.reader_position, shadow.dead_letter,
                         shadow.parked_key, shadow.dead_letter_selection,
                         shadow.conservation, shadow.unconserved, shadow.load_range, shadow.forgotten_window,
                         shadow.verifier_run, shadow.finding
                """);
    }

    /** Empties everything, opens the window and a first session; its epoch is 1. */
    public void open() {
        reset();
        target.execute("update shadow.clock set seen = clock_timestamp(), lost_micros = 0");
        operator.openWindow(window());
        service.openSession(session());
    }

    /** Takes the receipts away with their partitions, as in a target that is restored to the time before them. */
    public void dropPartitions() {
        target.execute("""
                do $$
                declare
                    gone regclass;
                begin
                    for gone in select inhrelid from pg_inherits where inhparent = 'shadow.event_ledger'::regclass loop
                        execute 'drop table ' || gone;
                    end loop;
                end $$
                """);
    }

    /** Says of what was stored so far, and of a lot more, that every change has one disposition. */
    public void conserved() {
        target.execute("""
                insert into shadow.conservation (from_lsn, below_lsn, checked_at)
                values ('0/5DC', '1/0', clock_timestamp())
                on conflict (id) do update set below_lsn = excluded.below_lsn
                """);
    }

    public Window window() {
        return new Window(
                "test",
                "cdc_shadow_primary",
                BASELINE,
                "cdc_shadow_verifier",
                lsn(1_500),
                "7000",
                1,
                "options",
                contractHash(),
                3,
                GapPolicy.RESET,
                TickClock.SOURCE);
    }

    public SessionRequest session() {
        return new SessionRequest("consumer-1", "test", "cdc_shadow_primary", contractHash(), "options", "7000", 1);
    }

    public String contractHash() {
        return context.getBean(Contract.class).sha256();
    }

    public static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }

    /** A file of the tests. */
    public static Path resource(String name) {
        try {
            return Path.of(java.util.Objects.requireNonNull(TestApi.class.getResource("/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
