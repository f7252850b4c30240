package io.shadowwrite.system;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A source, a target and everything that runs between them, with the window open on the worked contract. The source keeps
 * an {@link Oracle} of every row change.
 */
public final class House implements AutoCloseable {

    private static final Path CONTRACT =
            Checkout.HOME.resolve("contracts/src/main/resources/contracts/partners-to-unified");
    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(3);
    private static final Duration COUNTED_WITHIN = Duration.ofMinutes(1);
    private static final int WRITERS = 4;

    private final Path logs;
    private final PostgresServer sourceServer;
    private final PostgresServer targetServer;
    private final Database source;
    private final Database target;
    private final Suite suite;
    private final Oracle oracle;

    private House(String name, PostgresServer sourceServer, PostgresServer targetServer, boolean linked) {
        this.logs = Checkout.freshDirectory("system-logs/" + name);
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        this.source = sourceServer.createDatabase("partners");
        this.target = targetServer.createDatabase("unified");
        source.runScript(CONTRACT.resolve("source.sql"));
        target.runScript(CONTRACT.resolve("target.sql"));
        this.oracle = Oracle.install(source, target, logs);
        Suite.Settings settings =
                new Suite.Settings(Checkout.HOME, logs, contractFile(), "partners-to-unified", source, target);
        this.suite = linked ? Suite.linked(settings) : new Suite(settings);
    }

    /** Servers and schemas; no program runs yet and no window is open. */
    static House build(String name) {
        return build(name, false);
    }

    private static House build(String name, boolean linked) {
        PostgresServer source = PostgresServer.start(
                PostgresServer.Role.SOURCE,
                // A killed reader frees its slot at once; one that is merely silent must not hold it for a minute.
                PostgresServer.Settings.defaults()
                        .with("wal_sender_timeout", "10s")
                        .with("max_prepared_transactions", "4"));
        try {
            PostgresServer target = PostgresServer.start(PostgresServer.Role.TARGET);
            try {
                return new House(name, source, target, linked);
            } catch (RuntimeException | Error e) {
                target.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** The whole suite, streaming, with reference rows in the source. */
    static House streaming(String name) {
        return opened(build(name));
    }

    /** The same with every connection of its programs through proxies, see {@link Suite#links()}. */
    public static House linked(String name) {
        return opened(build(name, true));
    }

    private static House opened(House house) {
        try {
            house.open();
            return house;
        } catch (RuntimeException | Error e) {
            house.close();
            throw e;
        }
    }

    private void open() {
        suite.start(Program.API);
        suite.awaitApi();
        suite.openWindow();
        suite.start(Program.CONSUMER);
        suite.start(Program.SLOT_READER);
        suite.awaitStreaming();
        traffic(1).seedReferenceRows();
    }

    public Database source() {
        return source;
    }

    public Database target() {
        return target;
    }

    public Suite suite() {
        return suite;
    }

    public ShadowApi api() {
        return suite.api();
    }

    /** What the triggers of the source saw. */
    public Oracle oracle() {
        return oracle;
    }

    public PostgresServer sourceServer() {
        return sourceServer;
    }

    public PostgresServer targetServer() {
        return targetServer;
    }

    /** The worked contract. */
    public static Path contractFile() {
        return CONTRACT.resolve("contract.json");
    }

    /** Where the programs of this house write their logs. */
    public Path logs() {
        return logs;
    }

    /** Writers on the source; one caller at a time. */
    public Traffic traffic(long seed) {
        return new Traffic(source.jdbcUrl(), source.user(), source.password(), seed, WRITERS);
    }

    /** Returns when both readers stand beyond everything the source has committed by now. */
    public void drain() {
        try {
            suite.awaitDrained(DRAINED_WITHIN);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the logs are in " + logs, e);
        }
    }

    /** What became of every change that both readers have stored by now. */
    Conservation conserved() {
        LogSequenceNumber stored = api().status().readers().stream()
                .map(ReaderPosition::position)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return Await.untilValue(
                "everything below both readers is counted",
                COUNTED_WITHIN,
                () -> api().status().conservation(),
                counted -> counted != null && counted.below().compareTo(stored) >= 0);
    }

    /** One line of measurement, for the report of the build. */
    public static void measured(String line) {
        System.out.println("[measured] " + line);
    }

    @Override
    public void close() {
        try {
            suite.close();
        } finally {
            try {
                sourceServer.close();
            } finally {
                targetServer.close();
            }
        }
    }
}
