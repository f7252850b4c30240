package io.shadowwrite.testsupport;

import java.time.Duration;
import java.util.List;

/** A database that belongs to one test: closing it reports what the test left open, then removes it. */
record FreshDatabase(PostgresServer server, Database database, Duration grace) implements AutoCloseable {

    static FreshDatabase on(PostgresServer server, String name, Duration grace) {
        return new FreshDatabase(server, server.createDatabase(name), grace);
    }

    @Override
    public void close() {
        LeakCheck check = new LeakCheck(server.admin(), database.name());
        List<String> leaks = check.remaining(grace);
        check.cleanUp();
        server.dropDatabase(database.name());
        if (!leaks.isEmpty()) {
            throw new AssertionError("The test left open:\n  " + String.join("\n  ", leaks));
        }
    }
}
