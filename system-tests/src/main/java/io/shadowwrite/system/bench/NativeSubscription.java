package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** PostgreSQL's own logical replication: one row for each event, into the same tables as those of the source. */
record NativeSubscription(Entrant entrant, Source source, Database target, String name) implements Contender {

    /**
     * Creates slot, tables and subscription.
     *
     * @param synchronousCommit of the apply worker
     */
    static NativeSubscription create(
            Entrant entrant, Source source, Database target, Path definitions, String synchronousCommit) {
        NativeSubscription subscription =
                new NativeSubscription(entrant, source, target, "native_" + synchronousCommit);
        source.createSlot(subscription.name());
        target.runScript(definitions.resolve("source.sql"));
        Database from = source.database();
        target.execute("""
                CREATE SUBSCRIPTION %1$s CONNECTION 'host=%2$s port=%3$d dbname=%4$s user=%5$s password=%6$s'
                PUBLICATION %7$s
                WITH (create_slot = false, slot_name = '%1$s', copy_data = false, enabled = false, synchronous_commit = '%8$s')
                """.formatted(
                        subscription.name(),
                        from.host(),
                        from.port(),
                        from.name(),
                        from.user(),
                        from.password(),
                        Source.PUBLICATION,
                        synchronousCommit));
        return subscription;
    }

    @Override
    public String movements() {
        return "bench.movement";
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of();
    }

    @Override
    public List<String> slots() {
        return List.of(name);
    }

    @Override
    public void release() {
        target.execute("ALTER SUBSCRIPTION %s ENABLE".formatted(name));
    }

    @Override
    public boolean reached(Backlog backlog, Observer observer) {
        return observer.number("SELECT count(*) FROM bench.marker WHERE id = ?", backlog.marker()) == 1;
    }

    @Override
    public String image() {
        return Source.IMAGE;
    }

    @Override
    public void check(Backlog backlog, Observer observer) {
        // It writes nothing but rows.
    }

    @Override
    public void rest() {
        target.execute("ALTER SUBSCRIPTION %s DISABLE".formatted(name));
        Await.until(name + " is not read any more", PATIENCE, () -> !source.isRead(name));
    }
}
