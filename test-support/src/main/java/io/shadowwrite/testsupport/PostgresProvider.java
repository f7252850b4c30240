package io.shadowwrite.testsupport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * Where servers come from on this machine: what SHADOW_TEST_POSTGRES says ({@code local} or {@code container}), otherwise
 * local binaries with wal2json, otherwise Docker.
 */
sealed interface PostgresProvider {

    /** What gives a machine local binaries. */
    String PACKAGES = "apt-get install postgresql-15 postgresql-15-wal2json"
            + " (or set SHADOW_PG_BIN to the directory of an initdb that has wal2json)";

    /** What to do when there is no provider. */
    String ADVICE = "no PostgreSQL with wal2json and no Docker on this machine: " + PACKAGES;

    /** From some minor release on, the server loads only the output plugins this setting names. */
    String ALLOW_LIST = "output_plugin_libraries";

    /** Naming wal2json alone would lock the built-in ones out. */
    String ALLOWED = "pgoutput, test_decoding, wal2json";

    /** A server that is not started yet. */
    ServerProcess prepare(PostgresServer.Role role, PostgresServer.Settings settings);

    /** The provider of this JVM; {@link PostgresMissing} when there is none. */
    static PostgresProvider choose() {
        return find().orElseThrow(() -> new PostgresMissing(ADVICE));
    }

    /** As {@link #choose()}, empty when there is none. */
    static Optional<PostgresProvider> find() {
        return Found.PROVIDER;
    }

    /** Which provider this machine has, given the value of SHADOW_TEST_POSTGRES. */
    static Optional<PostgresProvider> find(@Nullable String wanted) {
        return switch (wanted) {
            case null -> Local.find().or(Container::find);
            case "" -> Local.find().or(Container::find);
            case "local" -> Local.find();
            case "container" -> Container.find();
            default ->
                throw new IllegalStateException(
                        "SHADOW_TEST_POSTGRES is \"" + wanted + "\"; set it to local or container, or leave it out");
        };
    }

    /** Looked for once per JVM. */
    final class Found {
        private static final Optional<PostgresProvider> PROVIDER = find(System.getenv("SHADOW_TEST_POSTGRES"));

        private Found() {}
    }

    /** Binaries on this machine. */
    record Local(Installation installation) implements PostgresProvider {

        static Optional<PostgresProvider> find() {
            return Installation.find().map(Local::new);
        }

        @Override
        public ServerProcess prepare(PostgresServer.Role role, PostgresServer.Settings settings) {
            Map<String, String> parameters = parameters(role, settings);
            boolean allowListed =
                    installation.knows(ALLOW_LIST, DataTemplate.of(installation).data());
            if (role == PostgresServer.Role.SOURCE && allowListed) {
                parameters.putIfAbsent(ALLOW_LIST, ALLOWED);
            }
            return new LocalServer(installation, settings, asConfiguration(parameters));
        }
    }

    /** The Docker engine of this machine. */
    record Container() implements PostgresProvider {

        static Optional<PostgresProvider> find() {
            return DockerClientFactory.instance().isDockerAvailable() ? Optional.of(new Container()) : Optional.empty();
        }

        @Override
        public ServerProcess prepare(PostgresServer.Role role, PostgresServer.Settings settings) {
            return new ContainerServer(role, settings);
        }
    }

    /** Our settings for a role, then what the caller asked for. */
    static Map<String, String> parameters(PostgresServer.Role role, PostgresServer.Settings settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.put("log_line_prefix", "%m [%p] %a %d ");
        if (!settings.durable()) {
            // synchronous_commit stays on: decoding sees only flushed WAL, and a crash must not lose a commit.
            all.put("fsync", "off");
            all.put("full_page_writes", "off");
        }
        if (role == PostgresServer.Role.SOURCE) {
            all.put("wal_level", "logical");
            all.put("max_replication_slots", "20");
            all.put("max_wal_senders", "20");
        }
        all.putAll(settings.parameters());
        return all;
    }

    /** The settings as the lines of a configuration file. */
    static String asConfiguration(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }
}
