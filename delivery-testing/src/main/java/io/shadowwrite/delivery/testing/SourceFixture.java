package io.shadowwrite.delivery.testing;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
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

/**
 * A small source with both slots of a window, as the reader of one of them sees it: a mapped table with a filter, one of
 * which few values are mapped, one whose key may be NaN, one with numbers of every kind, one whose key has parts of several
 * kinds, and one unmapped.
 */
public record SourceFixture(Database database, Window window, Side side) implements AutoCloseable {

    /** For whatever a test waits. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    public static final String CONTRACT = """
            {
              "version": 1,
              "name": "test",
              "models": {
                "Partner": {
                  "kind": "crud",
                  "table": "unified.partner",
                  "key": ["partner_id"],
                  "columns": {"partner_id": "uuid", "name": "text"}
                },
                "Measure": {
                  "kind": "crud",
                  "table": "unified.measure",
                  "key": ["measure_id"],
                  "columns": {
                    "measure_id": "uuid", "single": "real", "exact": "numeric(9,2)", "whole": "double precision",
                    "many": "double precision[]", "price": "text"
                  }
                },
                "Sample": {
                  "kind": "crud",
                  "table": "unified.sample",
                  "key": ["sample_id"],
                  "columns": {"sample_id": "uuid", "level": "real"}
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
                "app.rating": {
                  "columns": {"id": "bigint", "grade": "text"},
                  "key": ["id"],
                  "identity": "default",
                  "writes": [
                    {"model": "Partner", "key": {"partner_id": {"derived": true}},
                     "set": {"name": {"map": {"of": {"column": "grade"}, "entries": {"A": "first", "B": "second"}}}}}
                  ]
                },
                "app.visit": {
                  "columns": {"number": "numeric(9,0)", "name": "text"},
                  "key": ["number"],
                  "identity": "default",
                  "writes": [
                    {"model": "Partner", "key": {"partner_id": {"derived": true}}, "set": {"name": {"column": "name"}}}
                  ]
                },
                "app.measure": {
                  "columns": {
                    "id": "bigint", "single": "real", "exact": "numeric(9,2)", "whole": "double precision",
                    "many": "double precision[]", "price": "app.price", "unused": "numeric"
                  },
                  "key": ["id"],
                  "identity": "default",
                  "writes": [
                    {"model": "Measure", "key": {"measure_id": {"derived": true}},
                     "set": {
                       "single": {"column": "single"}, "exact": {"column": "exact"}, "whole": {"column": "whole"},
                       "many": {"column": "many"}, "price": {"column": "price", "cast": "text"}
                     }}
                  ]
                },
                "app.sample": {
                  "columns": {
                    "hash": "bytea", "code": "character(4)", "taken": "timestamp with time zone", "level": "real"
                  },
                  "key": ["hash", "code", "taken"],
                  "identity": "default",
                  "writes": [
                    {"model": "Sample", "key": {"sample_id": {"derived": true}}, "set": {"level": {"column": "level"}}}
                  ]
                },
                "app.note": {"unmapped": "not part of the test"}
              }
            }
            """;

    /** Fills the empty database, and creates the slots. */
    public static SourceFixture in(Database database, Side side) {
        database.runScript("""
                CREATE SCHEMA app;
                CREATE TABLE app.partner (id bigint PRIMARY KEY, name text, kind text NOT NULL DEFAULT 'A');
                CREATE TABLE app.rating (id bigint PRIMARY KEY, grade text NOT NULL);
                CREATE TABLE app.visit (number numeric(9,0) PRIMARY KEY, name text);
                CREATE DOMAIN app.price AS numeric CHECK (VALUE >= 0 OR VALUE IS NULL);
                CREATE TABLE app.measure (
                    id bigint PRIMARY KEY, single real, exact numeric(9,2), whole double precision NOT NULL DEFAULT 0,
                    many double precision[], price app.price, unused numeric);
                CREATE TABLE app.sample (
                    hash bytea, code char(4), taken timestamptz, level real, PRIMARY KEY (hash, code, taken));
                CREATE TABLE app.note (id bigint PRIMARY KEY, body text);
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
                168,
                GapPolicy.RESET,
                TickClock.SOURCE);
        return new SourceFixture(database, window, side);
    }

    /** {@link #CONTRACT}, read. */
    public static Contract contract() {
        return new ContractReader().read("the test's contract", CONTRACT.getBytes(StandardCharsets.UTF_8));
    }

    public static SourceConnection connection(Database database) {
        return new SourceConnection(database.jdbcUrl(), Database.USER, Database.PASSWORD);
    }

    /** The slot of this side. */
    public String slotName() {
        return switch (side) {
            case CONSUMER -> window.consumerSlot();
            case VERIFIER -> window.verifierSlot();
        };
    }

    /** Where this side begins. */
    public LogSequenceNumber baseline() {
        return switch (side) {
            case CONSUMER -> window.consumerBaseline();
            case VERIFIER -> window.verifierBaseline();
        };
    }

    /** One transaction with one row. */
    public void insert(int id) {
        database.execute("INSERT INTO app.partner (id, name) VALUES (%d, 'partner')".formatted(id));
    }

    /** What the slot of this side lets the source forget. */
    public LogSequenceNumber confirmed() {
        return LogSequenceNumber.valueOf(String.valueOf(database.queryForString(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?", slotName())));
    }

    /** Drops the slots, once their readers have left. */
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
