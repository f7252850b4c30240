package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.conservation.Tally;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.deadletter.Transitions.Action;
import io.shadowwrite.api.deadletter.Transitions.Outcome;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.api.write.TargetWriter;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ReplayStop;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.dao.DataAccessException;

/**
 * Applies a letter and what waits behind it, in one target transaction under the lock that every batch takes. A batch ahead
 * of its turn does not have it yet: it gives way, and what it saw before the replay is never committed. What is refused is
 * found by trying: the transaction is rolled back and repeated with what comes before. Thread-safe.
 */
final class Replays {

    /** Most letters a transaction applies; the stream waits for so long. The caller goes on with the next. */
    static final int MOST_AT_ONCE = 1_000;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Letters letters;
    private final TargetWriter target;
    private final Provenance provenance;
    private final Tally tally;

    /** What a try was refused at, and must not come to again. */
    private record Refusal(Event event, ShadowProblem problem) {}

    /**
     * How far a try may go.
     *
     * @param position of the stream; what it has not passed it brings itself
     * @param counted up to where it is known what became of the changes
     * @param among letters that may be replayed
     */
    private record Bounds(
            LogSequenceNumber position,
            LogSequenceNumber counted,
            LongPredicate among,
            @Nullable Refusal refusal) {}

    Replays(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            Letters letters,
            TargetWriter target,
            Provenance provenance) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.letters = letters;
        this.target = target;
        this.provenance = provenance;
        this.tally = new Tally(database);
    }

    /**
     * Replays a letter.
     *
     * @param among those behind it that may be replayed with it; the first other one ends the replay
     * @throws ShadowProblem when the letter itself cannot be replayed now
     */
    ReplayResult replay(long id, LongPredicate among, Decision by) {
        dictionary.registerTables(List.of(letters.require(id).sourceTable()));
        target.prepare();
        Refusal refusal = null;
        while (true) {
            @Nullable Refusal known = refusal;
            try {
                return inTransaction(id, among, by, known);
            } catch (ShadowProblem problem) {
                // Each try ends before the last one did, so there are at most as many as letters.
                refusal = earlier(problem, known);
            }
        }
    }

    private ReplayResult inTransaction(long id, LongPredicate among, Decision by, @Nullable Refusal refusal) {
        try {
            return database.inTransaction(() -> replayInTransaction(id, among, by, refusal));
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.refusesData()) {
                throw e;
            }
            // Nobody knows which letter it was; many replays go on with other rows all the same.
            throw sql.asProblem(e);
        }
    }

    private static Refusal earlier(ShadowProblem problem, @Nullable Refusal before) {
        String commitLsn = problem.facts().get("commit_lsn");
        String changeIndex = problem.facts().get("change_index");
        if (problem.type() != ProblemType.WRITE_REJECTED || commitLsn == null || changeIndex == null) {
            throw problem;
        }
        Event event =
                new Event(LogSequenceNumber.valueOf(Long.parseUnsignedLong(commitLsn)), Integer.parseInt(changeIndex));
        if (before != null && event.compareTo(before.event()) >= 0) {
            throw problem;
        }
        return new Refusal(event, problem);
    }

    private ReplayResult replayInTransaction(long id, LongPredicate among, Decision by, @Nullable Refusal refusal) {
        // First, because a count may take long, and the stream waits for whoever has locked the window.
        LogSequenceNumber counted = tally.lock();
        if (counted == null) {
            throw Windows.notOpen();
        }
        OpenWindow window = windows.lock();
        LogSequenceNumber position = window.position();
        StoredLetter letter = letters.require(id);
        boolean passed = letter.event().commitLsn().compareTo(position) < 0;
        return switch (Transitions.of(letter.state(), passed ? Action.REPLAY : Action.RELEASE)) {
            case Outcome.Nothing _ -> new ReplayResult(letter.state(), 0, 0, null, null);
            case Outcome.Refused(String why) ->
                throw new ShadowProblem(
                        ProblemType.DEAD_LETTER_STATE, "dead letter %d is %s: %s".formatted(id, letter.state(), why));
            case Outcome.Becomes(LetterState state) when state == LetterState.RELEASED -> release(letter, by);
            case Outcome.Becomes _ -> {
                window.checkNoGate();
                yield replayChain(letter, new Bounds(position, counted, among, refusal), by);
            }
        };
    }

    private ReplayResult release(StoredLetter letter, Decision by) {
        if (letter.corrected()) {
            throw new ShadowProblem(
                    ProblemType.DEAD_LETTER_STATE,
                    "dead letter %d was corrected, and the stream, which has not passed it, would apply the original; replay it when the stream has passed"
                            .formatted(letter.id()));
        }
        if (letter.letterClass() == LetterClass.REJECTED && letter.writes() == null) {
            // Its consumer may hold it ready without writes, and would send it so.
            throw new ShadowProblem(
                    ProblemType.DEAD_LETTER_INCOMPLETE,
                    "dead letter %d has no writes that the stream could try again; correct or resolve it"
                            .formatted(letter.id()));
        }
        letters.released(letter.id(), by);
        return new ReplayResult(LetterState.RELEASED, 0, 0, null, null);
    }

    private ReplayResult replayChain(StoredLetter letter, Bounds bounds, Decision by) {
        Waiting waiting = letters.waiting(letter.sourceTable());
        List<Waiting.Entry> chain = waiting.from(letter.event());
        Waiting.Entry blocker = waiting.blocker(chain.getFirst(), Set.of());
        if (blocker != null) {
            throw blocked(letter.id(), blocker);
        }
        List<StoredLetter> applicable = new ArrayList<>();
        ReplayStop stop = collect(waiting, chain, bounds, applicable);
        int separable = Waiting.separable(chain, applicable.size());
        if (separable == 0 && stop == null) {
            stop = tooManyAtOnce(letter);
        }
        applicable.subList(separable, applicable.size()).clear();
        apply(applicable, bounds.counted(), by);
        if (bounds.refusal() != null && stop != null) {
            letters.refused(stop.letter(), stop.problem(), stop.detail());
        }
        return new ReplayResult(
                applicable.isEmpty() ? LetterState.OPEN : LetterState.REPLAYED,
                applicable.size(),
                chain.size() - applicable.size(),
                stop,
                stop == null && chain.size() > applicable.size()
                        ? chain.get(applicable.size()).id()
                        : null);
    }

    /** Fills in what can be applied now, in order; answers what comes next and why it cannot. */
    private @Nullable ReplayStop collect(
            Waiting waiting, List<Waiting.Entry> chain, Bounds bounds, List<StoredLetter> applicable) {
        Set<Long> dealtWith = new HashSet<>();
        List<Waiting.Entry> next = chain.subList(0, Math.min(chain.size(), MOST_AT_ONCE));
        List<StoredLetter> stored =
                letters.all(next.stream().map(Waiting.Entry::id).toList());
        for (int i = 0; i < next.size(); i++) {
            StoredLetter letter = stored.get(i);
            ShadowProblem obstacle = obstacle(letter, waiting.blocker(next.get(i), dealtWith), bounds);
            if (obstacle != null) {
                return new ReplayStop(letter.id(), obstacle.type().name(), obstacle.detail());
            }
            dealtWith.add(letter.id());
            applicable.add(letter);
        }
        return null;
    }

    private static @Nullable ShadowProblem obstacle(
            StoredLetter letter, Waiting.@Nullable Entry blocker, Bounds bounds) {
        Refusal refusal = bounds.refusal();
        if (letter.event().commitLsn().compareTo(bounds.position()) >= 0) {
            return new ShadowProblem(
                    ProblemType.DEAD_LETTER_STATE,
                    "the stream has not passed dead letter %d, and would apply it again; replay it when the stream has passed"
                            .formatted(letter.id()));
        }
        if (refusal != null && letter.event().equals(refusal.event())) {
            return refusal.problem();
        }
        if (blocker != null) {
            return blocked(letter.id(), blocker);
        }
        if (!bounds.among().test(letter.id())) {
            return new ShadowProblem(
                    ProblemType.DEAD_LETTER_BLOCKED, "dead letter %d is not selected".formatted(letter.id()));
        }
        if (letter.writes() == null) {
            return new ShadowProblem(
                    ProblemType.DEAD_LETTER_INCOMPLETE,
                    "dead letter %d could not be transformed; give it writes first (PATCH /shadow/dlq/%d)"
                            .formatted(letter.id(), letter.id()));
        }
        return null;
    }

    private static ReplayStop tooManyAtOnce(StoredLetter letter) {
        return new ReplayStop(
                letter.id(),
                ProblemType.DEAD_LETTER_BLOCKED.name(),
                "more than %d letters of one source transaction shift keys and could only be replayed together; resolve them and let the source write the rows again"
                        .formatted(MOST_AT_ONCE));
    }

    private static ShadowProblem blocked(long letter, Waiting.Entry blocker) {
        return new ShadowProblem(
                ProblemType.DEAD_LETTER_BLOCKED,
                "dead letter %d waits for dead letter %d of the same row; replay that one, and this one is replayed with it"
                        .formatted(letter, blocker.id()));
    }

    private void apply(List<StoredLetter> applicable, LogSequenceNumber counted, Decision by) {
        if (applicable.isEmpty()) {
            return;
        }
        target.apply(transactions(applicable), new ReplayRecords(database, provenance.rows(), tally, counted));
        letters.replayed(applicable.stream().map(StoredLetter::id).toList(), by);
    }

    /** Changes of one source transaction stay in one, so that a row gets one version of it. */
    private static List<TransactionWrites> transactions(List<StoredLetter> applicable) {
        List<TransactionWrites> transactions = new ArrayList<>();
        List<ChangeWrites> changes = new ArrayList<>();
        for (int i = 0; i < applicable.size(); i++) {
            StoredLetter letter = applicable.get(i);
            changes.add(letter.change(Objects.requireNonNull(letter.writes())));
            boolean last = i + 1 == applicable.size()
                    || !applicable
                            .get(i + 1)
                            .event()
                            .commitLsn()
                            .equals(letter.event().commitLsn());
            if (last) {
                transactions.add(letter.transaction(List.copyOf(changes)));
                changes.clear();
            }
        }
        return transactions;
    }
}
