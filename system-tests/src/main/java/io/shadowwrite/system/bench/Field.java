package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The servers of one run and everybody who takes part; nobody reads yet. For one thread. */
final class Field implements AutoCloseable {

    private static final String DEFINITIONS = "system-tests/src/main/resources/bench";

    private final Source source;
    private final Map<Entrant, Contender> contenders = new EnumMap<>(Entrant.class);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Field(Source source) {
        this.source = source;
        open.push(source);
    }

    /** Starts what the options ask for. */
    static Field open(Options options) {
        Path definitions = options.home().resolve(DEFINITIONS);
        Field field = new Field(Source.start(settings(), definitions, options.sourceRows()));
        try {
            field.enter(options, definitions);
            return field;
        } catch (RuntimeException | Error e) {
            field.close();
            throw e;
        }
    }

    /** Durable, and the same for every server. */
    private static PostgresServer.Settings settings() {
        return PostgresServer.Settings.defaults()
                .syncing()
                .with("shared_buffers", "1GB")
                .with("max_wal_size", "8GB")
                .with("checkpoint_timeout", "30min")
                // Otherwise a subscription that rests starts again only after five seconds.
                .with("wal_retrieve_retry_interval", "100ms");
    }

    private void enter(Options options, Path definitions) {
        boolean ours =
                options.entrants().contains(Entrant.OURS) || options.entrants().contains(Entrant.OURS_BESIDE_READER);
        boolean others = options.entrants().stream()
                .anyMatch(entrant -> entrant != Entrant.OURS && entrant != Entrant.OURS_BESIDE_READER);
        if (others) {
            PostgresServer server = server();
            for (Entrant entrant : options.entrants()) {
                switch (entrant) {
                    case NATIVE_OFF -> enter(subscription(entrant, server, definitions, "off"));
                    case NATIVE_ON -> enter(subscription(entrant, server, definitions, "on"));
                    case DEBEZIUM -> enter(debezium(options, server, definitions));
                    case OURS, OURS_BESIDE_READER -> {
                        // Have a server of their own.
                    }
                }
            }
        }
        if (ours) {
            Database target = server().createDatabase("unified");
            OurPrograms programs = OurPrograms.start(options, definitions, logs(options), source, target);
            open.push(programs);
            options.entrants().stream()
                    .filter(entrant -> entrant == Entrant.OURS || entrant == Entrant.OURS_BESIDE_READER)
                    .forEach(entrant -> enter(new Ours(entrant, programs)));
        }
    }

    private Contender subscription(Entrant entrant, PostgresServer server, Path definitions, String commit) {
        return NativeSubscription.create(
                entrant, source, server.createDatabase("native_" + commit), definitions, commit);
    }

    private Contender debezium(Options options, PostgresServer server, Path definitions) {
        Debezium debezium =
                Debezium.start(options.home(), source, server.createDatabase("debezium"), definitions, logs(options));
        open.push(debezium);
        return debezium;
    }

    private static Path logs(Options options) {
        return Suite.logs(options.home().resolve("system-tests/target/bench"));
    }

    private PostgresServer server() {
        PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET, settings());
        open.push(server);
        return server;
    }

    private void enter(Contender contender) {
        contenders.put(contender.entrant(), contender);
    }

    Source source() {
        return source;
    }

    /** Everybody who takes part. */
    List<Contender> contenders() {
        return List.copyOf(contenders.values());
    }

    Contender contender(Entrant entrant) {
        return Objects.requireNonNull(contenders.get(entrant));
    }

    /** The release of PostgreSQL. */
    String version() {
        return Objects.requireNonNull(source.database().queryForString("SHOW server_version"));
    }

    /** Closes everything, the last opened first. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = new BenchFailed("could not tear down", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
