package io.shadowwrite.api.bench;

import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.postgresql.replication.LogSequenceNumber;

/** Transactions of three updates and one insert over four tables, of which two keep versions and two do not. */
final class Workload {

    static final String TABLES = """
            create schema bench;
            create table bench.v1 (id uuid not null, name text not null, amount numeric(12, 2), changed timestamptz,
                                   note text, valid_from timestamptz not null, valid_to timestamptz,
                                   primary key (id, valid_from));
            create unique index v1_current on bench.v1 (id) where valid_to is null;
            create table bench.v2 (like bench.v1 including all);
            create table bench.p1 (id uuid primary key, name text not null, amount numeric(12, 2), changed timestamptz,
                                   note text);
            create table bench.p2 (like bench.p1 including all);
            """;

    /** Parameters: table, model, further columns, their values, rows. In the order of the keys, which is quick. */
    static final String FILL = """
            insert into bench.%1$s (id, name, amount, changed, note%3$s)
            select md5('%1$s' || i)::uuid, 'name of row ' || i, i %% 10000 + 0.25, '2026-11-01 00:00:00+00',
                   'a note of some length about this row' %4$s
              from generate_series(1, %5$d) as i
             order by md5('%1$s' || i);
            insert into shadow.pk_map (source_table, source_key, target_model, target_key, state, changed_lsn)
            select (select id from provenance.source_table where name = 'app.%1$s'), '{"id":' || i || '}',
                   (select id from provenance.target_model where name = '%2$s'),
                   '{"id":"' || md5('%1$s' || i)::uuid || '"}', 'current', '0/1'
              from generate_series(1, %5$d) as i
             order by md5('%1$s' || i);
            """;

    private static final List<String> NAMES = List.of("v1", "v2", "p1", "p2");

    private final SplittableRandom random = new SplittableRandom(42);
    private final int[] rows;
    private final long epoch;
    private long commitLsn;
    private long number;
    private long end;

    Workload(long epoch, long firstLsn, int rows) {
        this.epoch = epoch;
        this.commitLsn = firstLsn;
        this.rows = new int[] {rows, rows, rows, rows};
    }

    static String model(String table) {
        return table.toUpperCase(java.util.Locale.ROOT);
    }

    static List<String> names() {
        return NAMES;
    }

    static String contract() {
        StringBuilder models = new StringBuilder();
        StringBuilder sources = new StringBuilder();
        for (String name : NAMES) {
            boolean versioned = name.startsWith("v");
            models.append(models.isEmpty() ? "" : ",").append("""
                    "%s": {"kind": "%s", "table": "bench.%s", "key": ["id"],
                           "columns": {"id": "uuid", "name": "text", "amount": "numeric(12,2)",
                                       "changed": "timestamptz", "note": "text"}%s}
                    """.formatted(
                            model(name),
                            versioned ? "scd2" : "crud",
                            name,
                            versioned ? ", \"valid_from\": \"valid_from\", \"valid_to\": \"valid_to\"" : ""));
            sources.append(sources.isEmpty() ? "" : ",").append("""
                    "app.%s": {"columns": {"id": "bigint", "name": "text", "amount": "numeric(12,2)",
                                           "changed": "timestamptz", "note": "text"},
                               "key": ["id"],
                               "writes": [{"model": "%s", "key": {"id": {"derived": true}},
                                           "set": {"name": {"column": "name"}, "amount": {"column": "amount"},
                                                   "changed": {"column": "changed"}, "note": {"column": "note"}}}]}
                    """.formatted(name, model(name)));
        }
        return """
                {"version": 1, "name": "bench", "models": {%s}, "sources": {%s}}
                """.formatted(models, sources);
    }

    /** The next transactions, of four changes each. */
    WriteBatch next(int transactions) {
        LogSequenceNumber from = LogSequenceNumber.valueOf(end);
        List<TransactionWrites> all = new ArrayList<>(transactions);
        for (int i = 0; i < transactions; i++) {
            all.add(transaction());
        }
        end = commitLsn + 1;
        return new WriteBatch(epoch, from, LogSequenceNumber.valueOf(end), all);
    }

    private TransactionWrites transaction() {
        commitLsn += 2_400;
        number++;
        int inserting = (int) (number % NAMES.size());
        List<ChangeWrites> changes = new ArrayList<>(NAMES.size());
        for (int table = 0; table < NAMES.size(); table++) {
            boolean insert = table == inserting;
            int id = insert ? ++rows[table] : 1 + random.nextInt(rows[table]);
            changes.add(change(table, changes.size(), id, insert ? Operation.INSERT : Operation.UPDATE));
        }
        return new TransactionWrites(
                LogSequenceNumber.valueOf(commitLsn),
                LogSequenceNumber.valueOf(commitLsn + 48),
                1_000_000 + number,
                Instant.parse("2026-11-01T12:00:00Z").plusNanos(number * 100_000),
                changes);
    }

    private ChangeWrites change(int table, int index, int id, Operation operation) {
        String name = NAMES.get(table);
        Map<String, String> values = Map.of(
                "name",
                "name of row " + id,
                "amount",
                random.nextInt(10_000) + ".25",
                "changed",
                "2026-11-01T12:00:00.%06dZ".formatted(random.nextInt(1_000_000)),
                "note",
                "a note of some length about this row");
        return new ChangeWrites(
                index,
                "app." + name,
                "{\"id\":" + id + "}",
                null,
                operation,
                HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong()),
                true,
                List.of(new ShadowWrite(
                        0, model(name), Action.UPSERT, Map.of("id", uuid(name + id)), Map.copyOf(values), null)));
    }

    private static String uuid(String text) {
        try {
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
            return "%s-%s-%s-%s-%s"
                    .formatted(
                            hex.substring(0, 8),
                            hex.substring(8, 12),
                            hex.substring(12, 16),
                            hex.substring(16, 20),
                            hex.substring(20));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
