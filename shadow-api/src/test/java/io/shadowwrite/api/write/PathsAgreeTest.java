package io.shadowwrite.api.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.ShadowSchema;
import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.metrics.ApiMetrics.Ahead;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Every path leaves the same, and that is what the source holds. Random transactions of a source are given to one target in
 * batches, to another one write by write, to a third one in parts and to a fourth one in batches side by side, and every table
 * of all is compared. More cases: {@code -Dpaths.cases=2000}; one of them again: {@code -Dpaths.seed=…}.
 */
class PathsAgreeTest {

    private static final int CASES = Integer.getInteger("paths.cases", 50);
    private static final long SEED = Long.getLong("paths.seed", System.nanoTime());
    /** Rows that a table may have: with few, batches meet nearly always, and with many, nearly never. */
    private static final List<Integer> KEYS = List.of(6, 60, 600);

    private static final long PARTITION_BYTES = 1L << 32;

    private static final int MOST_OUT_OF_TURN = 10;

    // However busy the machine is, what goes ahead must not come to nothing because of that.
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(20);

    private static final List<String> TABLES = List.of(
            "unified.presence",
            "unified.city",
            "unified.country",
            "unified.partner",
            "unified.note",
            "shadow.pk_map",
            "shadow.event_ledger",
            "provenance.transaction");

    private static final String WINDOW = """
            insert into shadow.backfill_state (phase, verifier_done, migration_id, consumer_slot, consumer_baseline, verifier_slot,
                                               verifier_baseline, system_identifier, timeline, options_hash,
                                               contract_hash, required_ticks, gap_policy, tick_clock, ledger_partition_bytes,
                                               consumer_epoch)
            values ('STREAMING', true, 'test', 'p', '0/0', 'v', '0/0', '7000', 1, 'o', 'c', 3, 'RESET', 'SOURCE', 4294967296, 1);
            insert into shadow.reader_position (side, position, received, flushed, state)
            values (1, '0/1', '0/0', '0/0', ''), (2, '0/1', '0/0', '0/0', '');
            insert into provenance.source_table (name)
            values ('app.country'), ('app.city'), ('app.partner'), ('app.note'), ('app.presence');
            insert into provenance.target_model (name)
            values ('Country'), ('City'), ('Partner'), ('Note'), ('Presence');
            """;

    private static final String CURRENT = """
            select format('country %s %s %s', c.code, c.name, m.source_key)
              from unified.country c
              left join shadow.pk_map m
                on m.target_key::jsonb ->> 'code' = c.code
               and m.state = 'current'
            union all
            select format('city %s %s', city_id, coalesce(country_code, 'null')) from unified.city
            union all
            select format('partner %s %s %s', partner_id, name, doc) from unified.partner where valid_to is null
            union all
            select format('note %s %s', note_id, body) from unified.note where valid_to is null and not is_archived
            union all
            select format('presence %s %s', partner_id, city_id) from unified.presence
            """;

    private long reached = 16;

    @Test
    void leaveTheSameInEveryTable() throws Exception {
        Contract contract = new ContractReader().read(TestApi.CONTRACT);
        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET);
                Way sets = new Way(server.createDatabase("sets"), contract);
                Way strict = new Way(server.createDatabase("strict"), contract);
                Way parts = new Way(server.createDatabase("parts"), contract);
                Way beside = new Way(server.createDatabase("beside"), contract)) {
            for (int i = 0; i < CASES; i++) {
                agreeOn(SEED + i, sets, strict, parts, beside);
            }
            // Else the last way was that of the first. Fifty cases keep about twenty-seven; a few may keep none.
            int fewest = CASES / 10;
            assertThat(beside.count(Ahead.KEPT)).isGreaterThanOrEqualTo(fewest);
        }
    }

    private void agreeOn(long seed, Way sets, Way strict, Way parts, Way beside) throws Exception {
        Random random = new Random(seed);
        RandomSource source = new RandomSource(random, KEYS.get(random.nextInt(KEYS.size())), reached);
        List<TransactionWrites> history = new ArrayList<>();
        int length = 2 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            history.add(source.commit());
        }
        reached = history.getLast().commitLsn().asLong() + 8;
        sets.empty();
        strict.empty();
        parts.empty();
        beside.empty();
        List<List<TransactionWrites>> batches = cut(history, random.nextBoolean() ? 2 : history.size(), random);
        batches.forEach(sets::writeTogether);
        beside.writeSideBySide(batches, random);
        history.forEach(strict::writeOneByOne);
        int lineSize = 1 + random.nextInt(3);
        history.forEach(transaction -> parts.writeInParts(transaction, lineSize));
        String again = "-Dpaths.seed=%d -Dpaths.cases=1".formatted(seed);
        assertThat(sets.rows()).as(again).isEqualTo(strict.rows());
        assertThat(parts.rows()).as(again).isEqualTo(strict.rows());
        assertThat(beside.rows()).as(again).isEqualTo(strict.rows());
        assertThat(sets.current()).as(again).isEqualTo(source.rows());
    }

    private static List<List<TransactionWrites>> cut(List<TransactionWrites> history, int most, Random random) {
        List<List<TransactionWrites>> batches = new ArrayList<>();
        int start = 0;
        while (start < history.size()) {
            int end = start + 1 + random.nextInt(Math.min(most, history.size() - start));
            batches.add(history.subList(start, end));
            start = end;
        }
        return batches;
    }

    /** A target of its own, and both ways into it. */
    private static final class Way implements AutoCloseable {

        private final Database target;
        private final ShadowDatabase database;
        private final Provenance provenance;
        private final Ledger ledger;
        private final ShadowWriteController writer;
        private final TargetWriter strictly;
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final Underway underway = new Underway();
        private final ShadowWriter besideOthers;
        private LogSequenceNumber position = TestApi.lsn(1);

        Way(Database target, Contract contract) {
            this.target = target;
            target.runScript(TestApi.CONTRACT.resolveSibling("target.sql"));
            database = new ShadowDatabase(
                    new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 4));
            ShadowSchema.migrate(database);
            target.runScript(WINDOW);
            Dictionary dictionary = new Dictionary(database);
            LedgerPartitions partitions = new LedgerPartitions(database);
            partitions.cover(List.of(TestApi.lsn(1)), PARTITION_BYTES);
            dictionary.registerTables(List.of("app.country", "app.city", "app.partner", "app.note", "app.presence"));
            provenance = new Provenance(database, dictionary);
            ApiMetrics metrics = new ApiMetrics(registry);
            ledger = new Ledger(database, dictionary, metrics);
            WriteAssembly assembly = new WriteAssembly(contract, database, dictionary);
            writer =
                    assembly.controller(new Windows(database), partitions, ledger, Parking.Sifted::nothing, metrics, 1);
            StreamEngine engine = assembly.engine(new Windows(database), partitions, ledger, Parking.Sifted::nothing);
            AheadWriter ahead =
                    assembly.ahead(engine, metrics, new AheadWriter.Limits(2, PATIENCE, LOCK_WAIT, PATIENCE));
            besideOthers = new ShadowWriter(engine, ahead, underway);
            strictly = assembly.targetWriter();
            strictly.prepare();
        }

        /** Children before parents. */
        void empty() {
            target.execute(TABLES.stream().map("delete from %s;"::formatted).collect(Collectors.joining()));
        }

        void writeTogether(List<TransactionWrites> batch) {
            LogSequenceNumber end =
                    LogSequenceNumber.valueOf(batch.getLast().commitLsn().asLong() + 1);
            assertThat(writer.write(new WriteBatch(1, end, batch)).applied()).isEqualTo(batch.size());
        }

        /** Up to three batches at once, the first of which writes last or when it pleases. */
        void writeSideBySide(List<List<TransactionWrites>> batches, Random random) throws Exception {
            List<WriteBatch> chain = new ArrayList<>();
            for (List<TransactionWrites> batch : batches) {
                LogSequenceNumber end =
                        LogSequenceNumber.valueOf(batch.getLast().commitLsn().asLong() + 1);
                chain.add(new WriteBatch(1, position, end, batch));
                position = end;
            }
            int next = 0;
            while (next < chain.size()) {
                int end = Math.min(chain.size(), next + 1 + random.nextInt(3));
                writeAtOnce(chain.subList(next, end), random.nextBoolean());
                next = end;
            }
        }

        private void writeAtOnce(List<WriteBatch> batches, boolean firstWritesLast) throws Exception {
            List<Underway.Flight> flights =
                    batches.stream().map(underway::begin).toList();
            try {
                List<FutureTask<WriteResult>> answers = new ArrayList<>();
                for (WriteBatch batch : batches) {
                    FutureTask<WriteResult> answer = new FutureTask<>(() -> writeInTurn(batch));
                    answers.add(answer);
                    if (answers.size() > 1) {
                        start(answer, firstWritesLast);
                    }
                }
                answers.getFirst().run();
                for (int i = 0; i < batches.size(); i++) {
                    assertThat(batches.get(i).transactions())
                            .hasSize(answers.get(i).get().applied());
                    flights.get(i).close();
                }
            } finally {
                flights.forEach(Underway.Flight::close);
            }
        }

        private static void start(FutureTask<WriteResult> answer, boolean waitsForOthers) {
            Thread thread = new Thread(answer);
            thread.start();
            if (waitsForOthers) {
                Await.until(
                        "it waits for those before",
                        Duration.ofSeconds(60),
                        () -> answer.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
            }
        }

        /** As the consumer, which sends again what waited in vain for its turn. */
        private WriteResult writeInTurn(WriteBatch batch) {
            for (int again = 0; ; again++) {
                try {
                    return besideOthers.write(batch);
                } catch (ShadowProblem problem) {
                    if (problem.type() != ProblemType.OUT_OF_TURN || again == MOST_OUT_OF_TURN) {
                        throw problem;
                    }
                }
            }
        }

        double count(Ahead outcome) {
            return registry.get("shadow.batch.ahead")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .counter()
                    .count();
        }

        void writeOneByOne(TransactionWrites transaction) {
            List<TransactionWrites> one = List.of(transaction);
            database.inTransaction(() -> {
                strictly.apply(
                        one,
                        new StreamRecords(
                                provenance.rows(),
                                ledger.rows(Side.CONSUMER),
                                Parking.Sifted.nothing(one),
                                new Judged()));
                return one;
            });
        }

        void writeInParts(TransactionWrites transaction, int lineSize) {
            StringBuilder lines = new StringBuilder();
            line(
                    lines,
                    new LongTransaction(
                            1,
                            TestApi.lsn(1),
                            transaction.commitLsn(),
                            transaction.endLsn(),
                            transaction.xid(),
                            transaction.committedAt()));
            List<ChangeWrites> changes = transaction.changes();
            for (int from = 0; from < changes.size(); from += lineSize) {
                line(lines, changes.subList(from, Math.min(from + lineSize, changes.size())));
            }
            line(lines, new LongTransaction.End(changes.size()));
            byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(writer.write(new ByteArrayInputStream(body)).applied()).isEqualTo(1);
        }

        private static void line(StringBuilder lines, Object value) {
            lines.append(WireJson.mapper().writeValueAsString(value)).append('\n');
        }

        /** All but when we wrote them. */
        List<@Nullable String> rows() {
            return target.queryForList(TABLES.stream()
                    .map("select '%1$s ' || (to_jsonb(t) - 'applied_at' - 'recorded_at')::text from %1$s t"::formatted)
                    .collect(Collectors.joining(" union all ", "", " order by 1")));
        }

        /** Every row that is current now, and the source key of each country. */
        List<@Nullable String> current() {
            List<@Nullable String> rows = new ArrayList<>(target.queryForList(CURRENT));
            rows.sort(null);
            return rows;
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
