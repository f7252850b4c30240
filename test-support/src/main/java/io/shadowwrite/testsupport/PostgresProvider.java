package io.shadowwrite.testsupport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where servers come from on this machine. */
sealed interface PostgresProvider {

    /** What to do when there is none. */
    String ADVICE = "no PostgreSQL with wal2json on this machine: apt-get install postgresql-15 postgresql-15-wal2json"
            + " (or set SHADOW_PG_BIN to the directory of initdb)";

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

    /** Looked for once per JVM. */
    final class Found {
        private static final Optional<PostgresProvider> PROVIDER =
                Installation.find().map(Local::new);

        private Found() {}
    }

    /** Binaries on this machine. */
    record Local(Installation installation) implements PostgresProvider {

        private static final String ALLOW_LIST = "output_plugin_libraries";

        @Override
        public ServerProcess prepare(PostgresServer.Role role, PostgresServer.Settings settings) {
            boolean allowListed =
                    installation.knows(ALLOW_LIST, DataTemplate.of(installation).data());
            return new LocalServer(installation, settings, parameters(role, settings, allowListed));
        }
    }

    /** The whole configuration: ours, then what the caller asked for. */
    static Map<String, String> parameters(
            PostgresServer.Role role, PostgresServer.Settings settings, boolean allowListed) {
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
            if (allowListed) {
                all.put(Local.ALLOW_LIST, "pgoutput, test_decoding, wal2json");
            }
        }
        all.putAll(settings.parameters());
        return all;
    }
}
