package io.shadowwrite.slotreader.reading;

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

/** A small source with both slots of a window: one mapped table with a filter, one unmapped, one nobody mentioned. */
record SourceFixture(Database database, Window window) implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

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
                CREATE TABLE app.unheard (id bigint PRIMARY KEY);
                """);
        String consumerSlot = database.name() + "_one";
        String verifierSlot = database.name() + "_two";
        SourceIdentity identity = SourceIdentity.read(connection(database), "test");
        Window window = new Window(
                "test",
                consumerSlot,
                slot(database, consumerSlot),
                verifierSlot,
                slot(database, verifierSlot),
                identity.systemIdentifier(),
                identity.timeline(),
                Wal2JsonOptions.frozen().hash(),
                contract().sha256(),
                168);
        return new SourceFixture(database, window);
    }

    static Contract contract() {
        return new ContractReader().read("the test's contract", CONTRACT.getBytes(StandardCharsets.UTF_8));
    }

    static SourceConnection connection(Database database) {
        return new SourceConnection(database.jdbcUrl(), Database.USER, Database.PASSWORD);
    }

    /** What the verifier's slot lets the source forget. */
    LogSequenceNumber confirmed() {
        return LogSequenceNumber.valueOf(String.valueOf(database.queryForString(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?", window.verifierSlot())));
    }

    @Override
    public void close() {
        Await.until(
                "the source noticed that its readers left",
                PATIENCE,
                () -> database.queryForLong(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name IN (?, ?) AND active",
                                window.consumerSlot(),
                                window.verifierSlot())
                        == 0);
        database.execute(
                "SELECT pg_drop_replication_slot('" + window.consumerSlot() + "')",
                "SELECT pg_drop_replication_slot('" + window.verifierSlot() + "')");
    }

    private static LogSequenceNumber slot(Database database, String name) {
        try (Connection connection = database.connect()) {
            return new ReplicationSlots(connection).create(name, PATIENCE).consistentPoint();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
