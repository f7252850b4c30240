package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.deadletter.Transitions.Action;
import io.shadowwrite.api.deadletter.Transitions.Outcome;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.api.write.TargetWriter;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a refused change from the consumer; it is durable before the position can move. Thread-safe. */
final class LetterIntake {

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Letters letters;
    private final TargetWriter target;

    LetterIntake(
            ShadowDatabase database, Windows windows, Dictionary dictionary, Letters letters, TargetWriter target) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.letters = letters;
        this.target = target;
    }

    /** The letter's id; the same event again has the same. */
    long park(ParkRequest request) {
        check(request);
        dictionary.registerTables(List.of(request.sourceTable()));
        Event event = new Event(request.commitLsn(), request.changeIndex());
        return database.inTransaction(() -> {
            OpenWindow window = windows.lock();
            window.checkEpoch(request.epoch());
            Optional<StoredLetter> there = letters.find(event);
            if (there.isEmpty() || opensAgain(there.get())) {
                refusePassed(event, window);
                letters.park(List.of(NewLetter.of(request, first(request, event))));
            }
            return letters.find(event).orElseThrow().id();
        });
    }

    private void check(ParkRequest request) {
        if (request.changeIndex() < 0 || request.endLsn().compareTo(request.commitLsn()) <= 0) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST, "change_index is 0 or more, and end_lsn comes after commit_lsn");
        }
        if (request.problem().isBlank() || request.problem().equals(NewLetter.PARKED_BEHIND)) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "problem is the code of the refusal");
        }
        if (request.payload() != null && request.payload().indexOf('\0') >= 0) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "payload holds a NUL, which no text can");
        }
        if (request.writes() != null) {
            target.check(request.writes());
        }
    }

    private static boolean opensAgain(StoredLetter letter) {
        return Transitions.of(letter.state(), Action.PARK) instanceof Outcome.Becomes;
    }

    /** What the stream has passed has its receipt, and with it what became of it. */
    private static void refusePassed(Event event, OpenWindow window) {
        if (event.commitLsn().compareTo(window.position()) < 0) {
            throw new ShadowProblem(
                    ProblemType.OUT_OF_ORDER,
                    "change %d of the transaction at %s is decided: the position is %s"
                            .formatted(
                                    event.changeIndex(), LsnText.of(event.commitLsn()), LsnText.of(window.position())));
        }
    }

    private @Nullable Long first(ParkRequest request, Event event) {
        Waiting.Entry entry =
                new Waiting.Entry(0, event, request.sourceKey(), request.formerKey(), request.operation());
        Waiting.Entry blocker = letters.waiting(request.sourceTable()).blocker(entry, Set.of());
        return blocker == null ? null : blocker.id();
    }
}
