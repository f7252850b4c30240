package io.shadowwrite.simulation;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.simulation.Source.Committed;
import io.shadowwrite.simulation.Target.Event;
import io.shadowwrite.verification.attest.Attestor;
import io.shadowwrite.verification.verdict.Findings;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What must hold after each step, whatever happened before it. The source's log is the only authority. */
final class Invariants {

    private static final Attestor ATTESTOR = new Attestor(Source.lsn(Source.BASELINE), Attestor.SEGMENT_BYTES);

    private final Source source;
    private final Target target;
    private final Window window;

    private long position;
    private long attested;
    private long highestPosition;
    private long highestAttested;
    private int applied;
    private int passed;
    private int attestedTransactions;

    Invariants(Source source, Target target, Window window) {
        this.source = source;
        this.target = target;
        this.window = window;
    }

    void check() {
        highestPosition = Math.max(highestPosition, target.position().asLong());
        highestAttested = Math.max(highestAttested, target.attested().asLong());
        checkConfirmed(window.consumerSlot(), highestPosition);
        checkConfirmed(window.verifierSlot(), highestAttested);
        require(target.writesOfFenced() == 0, "a session was applied that a newer one had fenced");
        if (target.position().asLong() != position || target.applied().size() != applied) {
            checkApplied();
        }
        if (target.attested().asLong() != attested) {
            checkAttested();
        }
    }

    /** The source may forget only what is stored. */
    private void checkConfirmed(String name, long stored) {
        Source.Slot slot = source.slot(name);
        require(
                slot.confirmed <= Math.max(stored, slot.advancedTo),
                "a slot has confirmed more than is stored",
                name,
                slot.confirmed,
                stored);
    }

    /** The target is what it was before, and all of it is looked at again. */
    void targetWentBack() {
        position = 0;
        attested = 0;
        applied = 0;
        passed = 0;
        attestedTransactions = 0;
    }

    /** Applied is what commits below the position, each once, in order, and nothing else; and the rows are the source's. */
    private void checkApplied() {
        long before = position;
        position = target.position().asLong();
        require(position >= before, "the position went back", before, position);
        LogSequenceNumber heldAt = target.heldAt();
        require(heldAt == null || position <= heldAt.asLong(), "the position is beyond the hold", position, heldAt);
        int below = source.countBelow(position);
        for (; passed < below; passed++) {
            Committed transaction = source.log().get(passed);
            if (!transaction.changes().isEmpty()) {
                require(
                        applied < target.applied().size(),
                        "a transaction is below the position and not applied",
                        transaction.commit(),
                        position);
                checkSame(transaction, target.applied().get(applied));
                applied++;
            }
        }
        require(
                applied == target.applied().size(),
                "more transactions are applied than are below the position",
                target.applied().size(),
                applied,
                position);
        require(
                rows().equals(source.rowsAfter(below)),
                "the rows are not those of the source at the position",
                position);
    }

    private static void checkSame(Committed committed, TransactionWrites transaction) {
        require(
                transaction.commitLsn().asLong() == committed.commit()
                        && transaction.changes().size() == committed.changes().size(),
                "a transaction was applied where another is due",
                transaction.commitLsn().asLong(),
                committed.commit());
    }

    private Map<Long, String> rows() {
        Map<Long, String> rows = new TreeMap<>();
        for (Map<String, @Nullable String> values : target.rows().values()) {
            String before = rows.put(
                    Long.parseLong(String.valueOf(values.get("source_id"))), String.valueOf(values.get("name")));
            require(before == null, "a source row has two rows in the target");
        }
        return rows;
    }

    /** Every change below the slot reader's position has its receipt. */
    private void checkAttested() {
        long before = attested;
        attested = target.attested().asLong();
        require(attested >= before, "the slot reader's position went back", before, attested);
        int below = source.countBelow(attested);
        for (; attestedTransactions < below; attestedTransactions++) {
            Committed transaction = source.log().get(attestedTransactions);
            for (int i = 0; i < transaction.changes().size(); i++) {
                require(
                        target.receipts(Side.VERIFIER).containsKey(new Event(Source.lsn(transaction.commit()), i)),
                        "a change below the slot reader's position has no receipt",
                        i,
                        transaction.commit(),
                        attested);
            }
        }
    }

    /** The product's own attestation of what both readers have stored. */
    void tick() {
        LogSequenceNumber both =
                target.position().compareTo(target.attested()) < 0 ? target.position() : target.attested();
        Findings findings = new Findings(1);
        ATTESTOR.attest(new StoredReceipts(target), both, findings);
        require(findings.kept().isEmpty(), "the receipts do not agree", both.asLong(), findings.kept());
    }

    /** Whether that reader's side has stored and confirmed all. */
    boolean isAtRest(Side side) {
        int all = source.log().size();
        long confirmed = source.slot(side == Side.CONSUMER ? window.consumerSlot() : window.verifierSlot()).confirmed;
        return source.countBelow(target.stored(side).asLong()) == all && source.countBelow(confirmed) == all;
    }

    @Override
    public String toString() {
        return "position %d, attested %d, log to %d"
                .formatted(target.position().asLong(), target.attested().asLong(), source.end());
    }

    private static void require(boolean holds, String otherwise, @Nullable Object... facts) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + Arrays.toString(facts));
        }
    }
}
