package io.shadowwrite.api.write;

import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Repeated;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Applies a source transaction that nobody holds whole: line by line as it arrives, in one target transaction, with the
 * same outcome as in one piece. Thread-safe.
 */
final class LongTransactionWriter {

    private final StreamEngine engine;
    private final List<String> sourceTables;

    LongTransactionWriter(StreamEngine engine, Contract contract) {
        this.engine = engine;
        this.sourceTables = contract.sources().values().stream()
                .map(table -> table.name().toString())
                .toList();
    }

    /**
     * Applies the transaction unless it was applied before or lies beyond a hold.
     *
     * @throws ShadowProblem when nothing of it is applied, WRITE_REJECTED with the first change that is refused
     */
    WriteResult write(TransactionLines lines) {
        LongTransaction head = lines.head();
        WriteBatch batch =
                new WriteBatch(head.epoch(), head.continuesFrom(), head.endLsn(), List.of(part(head, List.of())));
        Admission.checkOrder(batch);
        prepare(head);
        return engine.position()
                .inTurn(() -> StatementLimit.inTransaction(
                        () -> engine.database().inTransaction(() -> writeInTransaction(head, batch, lines))));
    }

    /**
     * As for a batch. But the tables are those of the contract, because the names in the lines come too late; and the target is
     * asked for the partition, because lines that were read cannot be stored once again.
     */
    private void prepare(LongTransaction head) {
        engine.register(sourceTables);
        engine.partitions()
                .coverAnew(List.of(head.commitLsn()), engine.windows().require().partitionBytes());
    }

    private WriteResult writeInTransaction(LongTransaction head, WriteBatch batch, TransactionLines lines) {
        OpenWindow window = engine.windows().lock(Plans.FOR_MANY_CHANGES);
        window.checkEpoch(head.epoch());
        Admission admission = Admission.of(batch, window.position(), window.hold());
        Repeated repeated = engine.ledger().repeated(batch.transactions().subList(0, admission.replayed()));
        Judged judged = new Judged();
        if (!admission.fresh().isEmpty()) {
            apply(head, window, lines, judged);
        }
        return engine.result(admission, window, repeated, judged);
    }

    private void apply(LongTransaction head, OpenWindow window, TransactionLines lines, Judged judged) {
        PartMemory memory = new PartMemory(engine.database(), engine.dictionary(), part(head, List.of()));
        memory.begin();
        StrictOrder strictly = engine.applier().strictOrder();
        int last = -1;
        LastWrites writes = new LastWrites();
        @Nullable List<ChangeWrites> changes = lines.next(this::touch);
        while (changes != null) {
            TransactionWrites part = part(head, changes);
            last = Admission.checkChanges(part, last);
            Parking.Sifted sifted = engine.sift(window, List.of(part));
            apply(sifted, judged, strictly, memory);
            sifted.transactions().forEach(writes::add);
            changes = lines.next(this::touch);
        }
        engine.applier().endOfParts(part(head, List.of()), memory);
        strictly.endOfTransaction(part(head, List.of()), writes);
    }

    /**
     * As a set; and change by change when the target refuses the set, which is right or names the change. While a removal
     * waits for others, whatever comes may be about the same row, so it is applied in order, too.
     */
    private void apply(Parking.Sifted sifted, Judged judged, StrictOrder strictly, PartMemory memory) {
        execute("savepoint part");
        if (strictly.isWaiting() || !applyAsSet(sifted, judged, memory)) {
            write(sifted, judged, strictly, memory);
        }
        execute("release savepoint part");
    }

    /** False when the target refuses the set; then nothing of it was done. */
    private boolean applyAsSet(Parking.Sifted sifted, Judged judged, PartMemory memory) {
        try {
            write(sifted, judged, null, memory);
            return true;
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.refusesData()) {
                throw e;
            }
            execute("rollback to savepoint part");
            return false;
        }
    }

    private void write(Parking.Sifted sifted, Judged judged, @Nullable StrictOrder strictly, PartMemory memory) {
        Records records = engine.records(sifted, judged);
        sifted.transactions().forEach(part -> engine.applier().applyPart(part, strictly, records, memory));
    }

    /** A sender that is slow but alive must not look idle to the target's server. */
    private void touch() {
        engine.database().jdbc().sql("select 1").query(_ -> {});
    }

    private void execute(String sql) {
        engine.database().jdbc().sql(sql).update();
    }

    private static TransactionWrites part(LongTransaction head, List<ChangeWrites> changes) {
        return new TransactionWrites(head.commitLsn(), head.endLsn(), head.xid(), head.committedAt(), changes);
    }
}
