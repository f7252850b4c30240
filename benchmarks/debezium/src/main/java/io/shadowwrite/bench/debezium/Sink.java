package io.shadowwrite.bench.debezium;

import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;

/** Debezium's JDBC sink as Kafka Connect would run it. For one thread. */
final class Sink {

    /** As in its documentation, tuned for speed: batches of 2000, last change of a key only, arrays instead of rows. */
    private static Map<String, String> settings(Endpoint target) {
        return Map.ofEntries(
                Map.entry("name", "bench-sink"),
                Map.entry("connection.url", target.url()),
                Map.entry("connection.username", Endpoint.USER),
                Map.entry("connection.password", Endpoint.PASSWORD),
                Map.entry("insert.mode", "upsert"),
                Map.entry("primary.key.mode", "record_key"),
                Map.entry("schema.evolution", "none"),
                Map.entry("collection.name.format", "${source.schema}.${source.table}"),
                Map.entry("use.time.zone", "UTC"),
                Map.entry("batch.size", "2000"),
                Map.entry("use.reduction.buffer", "true"),
                Map.entry("dialect.postgres.unnest.insert.enabled", System.getProperty("bench.unnest", "true")));
    }

    private final JdbcSinkConnectorTask task = new JdbcSinkConnectorTask();
    private long offset;

    Sink(Endpoint target) {
        task.initialize(new Context(settings(target)));
        task.start(settings(target));
    }

    /** Writes and commits. */
    void put(List<SourceRecord> records) {
        List<SinkRecord> batch = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            batch.add(new SinkRecord(
                    record.topic(),
                    0,
                    record.keySchema(),
                    record.key(),
                    record.valueSchema(),
                    record.value(),
                    offset++,
                    record.timestamp(),
                    TimestampType.CREATE_TIME));
        }
        task.put(batch);
        task.preCommit(Map.of());
    }

    void close() {
        task.stop();
    }

    /** What the sink asks its surroundings for. */
    private record Context(Map<String, String> configs) implements SinkTaskContext {

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            throw new UnsupportedOperationException("there is no topic to go back in");
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            throw new UnsupportedOperationException("there is no topic to go back in");
        }

        @Override
        public void timeout(long millis) {
            // Nobody retries here.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of();
        }

        @Override
        public void pause(TopicPartition... partitions) {
            // Nothing is delivered but what the engine hands over.
        }

        @Override
        public void resume(TopicPartition... partitions) {
            // See pause.
        }

        @Override
        public void requestCommit() {
            // Every batch is committed.
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return null;
        }
    }
}
