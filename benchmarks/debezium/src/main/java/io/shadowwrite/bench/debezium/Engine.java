package io.shadowwrite.bench.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.connect.source.SourceRecord;

/** Debezium's embedded engine on one slot. For one thread. */
final class Engine {

    private static final long STOPPED_WITHIN_MILLIS = 30_000;

    private final Properties settings;
    private final Sink sink;
    private DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private Thread thread;

    Engine(Endpoint source, String slot, String publication, Path directory, Sink sink) {
        this.settings = settings(source, slot, publication, directory);
        this.sink = sink;
    }

    private static Properties settings(Endpoint source, String slot, String publication, Path directory) {
        Properties settings = new Properties();
        settings.setProperty("name", "bench");
        settings.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.setProperty("database.hostname", source.host());
        settings.setProperty("database.port", Integer.toString(source.port()));
        settings.setProperty("database.dbname", source.database());
        settings.setProperty("database.user", Endpoint.USER);
        settings.setProperty("database.password", Endpoint.PASSWORD);
        settings.setProperty("topic.prefix", "bench");
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", slot);
        settings.setProperty("publication.name", publication);
        settings.setProperty("publication.autocreate.mode", "disabled");
        settings.setProperty("snapshot.mode", "no_data");
        settings.setProperty("max.batch.size", "4096");
        settings.setProperty("max.queue.size", "16384");
        settings.setProperty("poll.interval.ms", "10");
        settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        settings.setProperty("offset.storage.file.filename", directory.resolve("offsets").toString());
        settings.setProperty("offset.flush.interval.ms", "1000");
        return settings;
    }

    void start() {
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using((success, message, error) -> {
                    if (!success) {
                        System.err.println("the engine ended: " + message);
                        if (error != null) {
                            error.printStackTrace();
                        }
                    }
                })
                .notifying(this::deliver)
                .build();
        thread = Thread.ofPlatform().name("engine").start(engine);
    }

    private void deliver(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>(events.size());
        for (RecordChangeEvent<SourceRecord> event : events) {
            records.add(event.record());
        }
        sink.put(records);
        for (RecordChangeEvent<SourceRecord> event : events) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
    }

    void stop() {
        if (engine == null) {
            return;
        }
        try {
            engine.close();
            thread.join(STOPPED_WITHIN_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine = null;
    }
}
