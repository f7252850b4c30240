package io.shadowwrite.simulation;

import io.shadowwrite.api.ledger.RealReceiptOrder;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.write.RealAdmission;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The target behind its API, in memory. What may be applied, and when, is decided by the product's own rules; what its SQL
 * does then is said once more here, each request at once and durable. {@code AgreementTest} holds both against each other.
 */
final class Target {

    private static final int MOST_PAST = 8;
    private static final String HOLDER = "tick";
    private static final int LEASE_SECONDS = 600;

    private final Window window;
    private final Mutation mutation;
    private final Ear ear;
    private final Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();
    private final List<TransactionWrites> applied = new ArrayList<>();
    private final Map<Event, Entry> ofConsumer = new TreeMap<>();
    private final Map<Event, Entry> ofSlotReader = new TreeMap<>();
    private LogSequenceNumber position;
    private LogSequenceNumber attested;
    private @Nullable Hold hold;
    private LogSequenceNumber heldFrom;
    private long epoch;
    private int writesOfFenced;

    /** What it was some calls ago, the latest last. */
    private final Deque<Target> past = new ArrayDeque<>();

    private boolean keepsPast;

    /** What a change is known by. */
    record Event(LogSequenceNumber commitLsn, int changeIndex) implements Comparable<Event> {

        private static final Comparator<Event> ORDER =
                Comparator.comparing(Event::commitLsn).thenComparingInt(Event::changeIndex);

        @Override
        public int compareTo(Event other) {
            return ORDER.compare(this, other);
        }
    }

    /** What a receipt says. */
    record Entry(String table, Operation operation, String digest) {}

    /** Hears every call with its answer. */
    @FunctionalInterface
    interface Ear {

        /** The answer may be a problem. */
        void hear(Call call, Object answer);
    }

    Target(Window window, Mutation mutation, Ear ear) {
        this.window = window;
        this.mutation = mutation;
        this.ear = ear;
        this.position = window.consumerBaseline();
        this.attested = window.verifierBaseline();
        this.heldFrom = position;
    }

    /** Becomes what it was that many calls ago, or as far back as is known: restored, or a standby that had not got all. */
    void goBack(int calls) {
        for (int i = 0; i < calls && past.size() > 1; i++) {
            past.removeLast();
        }
        if (!past.isEmpty()) {
            become(past.getLast());
        }
    }

    private void become(Target other) {
        rows.clear();
        rows.putAll(other.rows);
        applied.clear();
        applied.addAll(other.applied);
        ofConsumer.clear();
        ofConsumer.putAll(other.ofConsumer);
        ofSlotReader.clear();
        ofSlotReader.putAll(other.ofSlotReader);
        position = other.position;
        attested = other.attested;
        hold = other.hold;
        heldFrom = other.heldFrom;
        epoch = other.epoch;
    }

    /** From now on it can go back. */
    void keepPast() {
        keepsPast = true;
        remember();
    }

    private void remember() {
        if (!keepsPast) {
            return;
        }
        Target now = new Target(window, mutation, ear);
        now.become(this);
        past.addLast(now);
        if (past.size() > MOST_PAST) {
            past.removeFirst();
        }
    }

    /**
     * Does what is asked, at once.
     *
     * @throws ShadowProblem when it is refused
     */
    Object answer(Call call) {
        try {
            Object answer = done(call);
            remember();
            ear.hear(call, answer);
            return answer;
        } catch (ShadowProblem problem) {
            ear.hear(call, problem);
            throw problem;
        }
    }

    private Object done(Call call) {
        return switch (call.method()) {
            case "openSession" -> openSession();
            case "controlState" -> control();
            case "write" -> write((WriteBatch) Objects.requireNonNull(call.request()));
            case "positions" -> List.of(position(Side.CONSUMER), position(Side.VERIFIER));
            case "report" -> report((PositionReport) Objects.requireNonNull(call.request()));
            case "verifierState" -> new VerifierState(window, attested);
            case "attest" -> attest((ReceiptBatch) Objects.requireNonNull(call.request()));
            default -> throw new UnsupportedOperationException(call.method());
        };
    }

    private ControlState openSession() {
        epoch++;
        return control();
    }

    private ControlState control() {
        return open().control();
    }

    private OpenWindow open() {
        return new OpenWindow(window, WindowPhase.STREAMING, epoch, hold, position, 0, false, 0);
    }

    private WriteResult write(WriteBatch sent) {
        RealAdmission.checkOrder(sent);
        open().checkEpoch(sent.epoch());
        WriteBatch batch = mutation == Mutation.SWAPS_THE_ORDER
                ? new WriteBatch(sent.epoch(), sent.completeBelow(), sent.transactions())
                : sent;
        RealAdmission admission = RealAdmission.of(batch, position, hold);
        long repeated = batch.transactions().subList(0, admission.replayed()).stream()
                .flatMap(transaction -> transaction.changes().stream()
                        .map(change -> new Event(transaction.commitLsn(), change.changeIndex())))
                .filter(ofConsumer::containsKey)
                .count();
        Map<Operation, Long> counts = new EnumMap<>(Operation.class);
        writesOfFenced += sent.epoch() == epoch || admission.fresh().isEmpty() ? 0 : 1;
        admission.fresh().forEach(transaction -> apply(transaction, counts));
        if (mutation != Mutation.LOSES_THE_POSITION || admission.fresh().isEmpty()) {
            position = admission.position();
        }
        return new WriteResult(
                admission.replayed() + admission.fresh().size(),
                admission.replayed(),
                0,
                repeated,
                counts.entrySet().stream()
                        .map(count -> new ChangeCount(count.getKey(), Disposition.APPLIED, count.getValue()))
                        .toList(),
                open().at(admission.position()).control());
    }

    private void apply(TransactionWrites transaction, Map<Operation, Long> counts) {
        for (ChangeWrites change : transaction.changes()) {
            Entry receipt = new Entry(change.sourceTable(), change.operation(), change.digest());
            if (ofConsumer.putIfAbsent(new Event(transaction.commitLsn(), change.changeIndex()), receipt) != null) {
                throw new AssertionError("a change is applied twice: " + transaction.commitLsn());
            }
            change.writes().forEach(this::write);
            counts.merge(change.operation(), 1L, Long::sum);
        }
        applied.add(transaction);
    }

    private void write(ShadowWrite write) {
        String key = write.key().toString();
        if (write.action() == Action.REMOVE) {
            rows.remove(key);
        } else {
            rows.put(key, write.values());
        }
    }

    private ReaderPosition attest(ReceiptBatch sent) {
        ReceiptBatch batch = mutation == Mutation.SKIPS_A_RECEIPT ? withoutAnEnd(sent) : sent;
        RealReceiptOrder.check(
                batch, attested, (commitLsn, index) -> ofSlotReader.containsKey(new Event(commitLsn, index)));
        for (Receipt receipt : batch.receipts()) {
            Entry entry = new Entry(receipt.sourceTable(), receipt.operation(), receipt.digest());
            Entry before = ofSlotReader.putIfAbsent(new Event(receipt.commitLsn(), receipt.changeIndex()), entry);
            if (before != null && !before.equals(entry)) {
                throw new AssertionError("an event has a receipt with another digest: " + receipt.commitLsn());
            }
        }
        attested = attested.compareTo(batch.completeBelow()) < 0 ? batch.completeBelow() : attested;
        return position(Side.VERIFIER);
    }

    private static ReceiptBatch withoutAnEnd(ReceiptBatch batch) {
        boolean ends = batch.receipts().size() > 1
                && batch.receipts().getLast().commitLsn().compareTo(batch.completeBelow()) < 0;
        return ends
                ? new ReceiptBatch(
                        batch.continuesFrom(),
                        batch.completeBelow(),
                        batch.receipts().subList(0, batch.receipts().size() - 1))
                : batch;
    }

    private ControlState report(PositionReport report) {
        boolean beforeAnySession = epoch == 0 && report.epoch() == 0;
        if (report.side() == Side.CONSUMER && !beforeAnySession) {
            open().checkEpoch(report.epoch());
        }
        return control();
    }

    private ReaderPosition position(Side side) {
        LogSequenceNumber stored = stored(side);
        return new ReaderPosition(side, stored, stored, stored, ReaderState.STREAMING.name(), null, null);
    }

    /** A verifier holds the consumer, nowhere or before that. */
    void halt(@Nullable LogSequenceNumber haltAt) {
        hold = new Hold(HOLDER, Hold.Kind.VERIFIER, haltAt, null);
        heldFrom = position;
        ear.hear(new Call("halt", new HaltRequest(HOLDER, Hold.Kind.VERIFIER, haltAt, LEASE_SECONDS)), control());
    }

    void resume() {
        hold = null;
        ear.hear(new Call("resume", new ResumeRequest(HOLDER)), control());
    }

    /** How far the position may be; null when it is not held. */
    @Nullable LogSequenceNumber heldAt() {
        if (hold == null) {
            return null;
        }
        LogSequenceNumber haltAt = hold.haltAt();
        return haltAt == null || haltAt.compareTo(heldFrom) < 0 ? heldFrom : haltAt;
    }

    /** Batches that were applied for a session behind which there is a newer one. */
    int writesOfFenced() {
        return writesOfFenced;
    }

    /** How far a reader's side is stored. */
    LogSequenceNumber stored(Side side) {
        return switch (side) {
            case CONSUMER -> position;
            case VERIFIER -> attested;
        };
    }

    LogSequenceNumber position() {
        return position;
    }

    LogSequenceNumber attested() {
        return attested;
    }

    /** In the order in which they were applied. */
    List<TransactionWrites> applied() {
        return applied;
    }

    Map<String, Map<String, @Nullable String>> rows() {
        return rows;
    }

    Map<Event, Entry> receipts(Side side) {
        return side == Side.CONSUMER ? ofConsumer : ofSlotReader;
    }
}
