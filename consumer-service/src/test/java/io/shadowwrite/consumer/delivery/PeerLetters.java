package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a {@link ShadowPeer} refuses, and what it keeps back since that was parked. Thread-safe. */
final class PeerLetters {

    // All guarded by this.
    private final Map<NamedChange, ParkRequest> letters = new LinkedHashMap<>();
    private final Map<NamedChange, LetterState> states = new LinkedHashMap<>();
    private final Set<String> rowsThatWait = new HashSet<>();
    private final Set<String> refusedNames = new HashSet<>();
    private boolean guessing;
    private final List<String> outcome = new ArrayList<>();
    private final Map<NamedChange, Disposition> receipts = new HashMap<>();
    private int mostOpen = Integer.MAX_VALUE;
    private boolean decidedMeanwhile;
    private boolean away;
    private int parkRequests;

    /** Refuses as a deferred constraint does, which does not tell whom. */
    synchronized void refuseByGuess(String name) {
        refusedNames.add(name);
        guessing = true;
    }

    synchronized void refuse(String name) {
        refusedNames.add(name);
    }

    synchronized void mostOpen(int count) {
        mostOpen = count;
    }

    /** As an operator who gives it up. */
    synchronized void resolve(ParkRequest letter) {
        states.put(new NamedChange(letter.commitLsn(), letter.changeIndex()), LetterState.RESOLVED);
    }

    synchronized List<ParkRequest> letters() {
        return List.copyOf(letters.values());
    }

    /** As if the next letter's change had been applied before it came, and is not refused any more. */
    synchronized void nextIsDecidedMeanwhile() {
        decidedMeanwhile = true;
    }

    /** As if no letter could be stored. */
    synchronized void away(boolean now) {
        away = now;
    }

    synchronized int parkRequests() {
        return parkRequests;
    }

    /** What became of each change that was answered for, as name and disposition. */
    synchronized List<String> outcome() {
        return List.copyOf(outcome);
    }

    synchronized DeadLetter park(ParkRequest request) {
        parkRequests++;
        if (away) {
            throw new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "as the test wants it");
        }
        if (decidedMeanwhile) {
            decidedMeanwhile = false;
            refusedNames.clear();
            throw new ShadowProblem(ProblemType.OUT_OF_ORDER, "the change is decided");
        }
        NamedChange event = new NamedChange(request.commitLsn(), request.changeIndex());
        if (!letters.containsKey(event)) {
            if (letters.size() == mostOpen) {
                throw new ShadowProblem(ProblemType.DEAD_LETTERS_FULL, mostOpen + " changes are parked");
            }
            letters.put(event, request);
            states.put(event, LetterState.OPEN);
        }
        return letter(
                List.copyOf(letters.keySet()).indexOf(event) + 1L, request, Objects.requireNonNull(states.get(event)));
    }

    private static DeadLetter letter(long id, ParkRequest request, LetterState state) {
        return new DeadLetter(
                id,
                request.commitLsn(),
                request.changeIndex(),
                request.committedAt(),
                request.sourceTable(),
                request.sourceKey(),
                request.formerKey(),
                request.operation(),
                request.letterClass(),
                request.problem(),
                request.detail(),
                null,
                0,
                request.writes() != null,
                state,
                Instant.EPOCH,
                null,
                null,
                null,
                null);
    }

    /** Applies a transaction but for what waits; refuses it with the first change that the target would not take. */
    synchronized void apply(TransactionWrites transaction) {
        Set<String> rows = new HashSet<>(rowsThatWait);
        List<String> became = new ArrayList<>();
        Map<NamedChange, Disposition> judged = new HashMap<>();
        for (ChangeWrites change : transaction.changes()) {
            NamedChange event = new NamedChange(transaction.commitLsn(), change.changeIndex());
            if (isKeptBack(event, change, rows)) {
                became.add(name(change) + " parked");
                judged.put(event, Disposition.PARKED);
            } else {
                refuseIfAsked(event, change);
                became.add(name(change) + " applied");
                judged.put(event, disposition(change));
            }
        }
        rowsThatWait.addAll(rows);
        outcome.addAll(became);
        receipts.putAll(judged);
    }

    private static Disposition disposition(ChangeWrites change) {
        if (!change.inScope()) {
            return Disposition.FILTERED;
        }
        return change.writes().isEmpty() ? Disposition.NO_OP : Disposition.APPLIED;
    }

    /** What became of every change of transactions that are applied; one by one, for they add up all the same. */
    synchronized List<ChangeCount> counts(List<TransactionWrites> transactions) {
        List<ChangeCount> counts = new ArrayList<>();
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                NamedChange event = new NamedChange(transaction.commitLsn(), change.changeIndex());
                counts.add(new ChangeCount(change.operation(), Objects.requireNonNull(receipts.get(event)), 1));
            }
        }
        return counts;
    }

    private boolean isKeptBack(NamedChange event, ChangeWrites change, Set<String> rows) {
        ParkRequest letter = letters.get(event);
        if (letter != null && letter.letterClass() == LetterClass.HALTING && states.get(event) == LetterState.OPEN) {
            throw new ShadowProblem(ProblemType.DEAD_LETTER_HALTS, "the stream stands before a dead letter");
        }
        boolean waits = letter != null || (change.inScope() && rows.contains(change.sourceKey()));
        if (waits && (letter == null || states.get(event) == LetterState.OPEN)) {
            rows.add(change.sourceKey());
        }
        return waits;
    }

    private void refuseIfAsked(NamedChange event, ChangeWrites change) {
        if (refusedNames.contains(name(change))) {
            Map<String, String> facts = new HashMap<>();
            facts.put("commit_lsn", Long.toUnsignedString(event.commitLsn().asLong()));
            facts.put("change_index", String.valueOf(event.changeIndex()));
            if (guessing) {
                facts.put("guessed", "true");
            }
            throw new ShadowProblem(ProblemType.WRITE_REJECTED, "the target says no", facts, null);
        }
    }

    private static String name(ChangeWrites change) {
        for (ShadowWrite write : change.writes()) {
            String name = write.values().get("name");
            if (name != null) {
                return name;
            }
        }
        return change.sourceKey();
    }
}
