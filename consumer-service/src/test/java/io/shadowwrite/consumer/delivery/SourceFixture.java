package io.shadowwrite.consumer.delivery;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/** A small source with a slot of its own: one mapped table with a filter, one unmapped. */
record SourceFixture(Database database, String slotName, LogSequenceNumber baseline) implements AutoCloseable {

    static final String CONTRACT = """
            {
              "version": 1,
              "name": "test",
              "models": {
                "Partner": {
                  "kind": "crud",
                  "table": "unified.partner",
                  "key": ["partner_id"],
                  "columns": {"partner_id": "uuid", "name": "text"}
                }
              },
              "sources": {
                "app.partner": {
                  "columns": {"id": "bigint", "name": "text", "kind": "text"},
                  "key": ["id"],
                  "identity": "default",
                  "filter": {"column": "kind", "op": "=", "value": "A"},
                  "writes": [
                    {"model": "Partner", "key": {"partner_id": {"derived": true}}, "set": {"name": {"column": "name"}}}
                  ]
                },
                "app.note": {"unmapped": "not part of the test"}
              }
            }
            """;

    static SourceFixture in(Database database) {
        database.runScript("""
                CREATE SCHEMA app;
                CREATE TABLE app.partner (id bigint PRIMARY KEY, name text, kind text NOT NULL DEFAULT 'A');
                CREATE TABLE app.note (id bigint PRIMARY KEY, body text);
                """);
        String slotName = database.name() + "_slot";
        try (Connection connection = database.connect()) {
            LogSequenceNumber baseline = new ReplicationSlots(connection)
                    .create(slotName, Duration.ofSeconds(20))
                    .consistentPoint();
            return new SourceFixture(database, slotName, baseline);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The window that this slot's consumer belongs to. */
    Window window() {
        SourceIdentity identity =
                SourceIdentity.read(new SourceConnection(database.jdbcUrl(), Database.USER, Database.PASSWORD), "test");
        return new Window(
                "test",
                slotName,
                baseline,
                slotName + "_two",
                baseline,
                identity.systemIdentifier(),
                identity.timeline(),
                Wal2JsonOptions.frozen().hash(),
                contract().sha256(),
                168);
    }

    static Contract contract() {
        return new ContractReader().read("the test's contract", CONTRACT.getBytes(StandardCharsets.UTF_8));
    }

    /** One transaction with one row. */
    void insert(int id) {
        database.execute("INSERT INTO app.partner (id, name) VALUES (%d, 'partner')".formatted(id));
    }

    /** What the slot lets the source forget. */
    LogSequenceNumber confirmed() {
        return LogSequenceNumber.valueOf(String.valueOf(database.queryForString(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?", slotName)));
    }

    @Override
    public void close() {
        Await.until(
                "the source noticed that its reader left",
                RunningConsumer.PATIENCE,
                () -> database.queryForLong(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND active", slotName)
                        == 0);
        database.execute("SELECT pg_drop_replication_slot('" + slotName + "')");
    }
}
