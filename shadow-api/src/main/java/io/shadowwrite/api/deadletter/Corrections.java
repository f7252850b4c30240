package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.deadletter.Transitions.Action;
import io.shadowwrite.api.deadletter.Transitions.Outcome;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.api.write.TargetWriter;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.List;

/** Shows a letter with all that is in it, and writes down what an operator wants applied in place of the original. Thread-safe. */
final class Corrections {

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Letters letters;
    private final Listing listing;
    private final TargetWriter target;

    Corrections(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            Letters letters,
            Listing listing,
            TargetWriter target) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.letters = letters;
        this.listing = listing;
        this.target = target;
    }

    DeadLetterContent content(long id) {
        DeadLetter letter = listing.one(id);
        if (letter.state() != LetterState.OPEN) {
            return listing.content(letter, 0);
        }
        dictionary.registerTables(List.of(letter.sourceTable()));
        Event event = new Event(letter.commitLsn(), letter.changeIndex());
        long others = letters.waiting(letter.sourceTable()).from(event).stream()
                .filter(entry -> entry.id() != id)
                .count();
        return listing.content(letter, Math.toIntExact(others));
    }

    DeadLetterContent correct(long id, LetterCorrection correction) {
        if (correction.who().isBlank() || (correction.writes() == null && correction.note() == null)) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST, "a correction says who, and brings writes, a note, or both");
        }
        if (correction.writes() != null) {
            target.check(correction.writes());
        }
        letters.require(id);
        return database.inTransaction(() -> {
            windows.lock();
            StoredLetter letter = letters.require(id);
            if (Transitions.of(letter.state(), Action.CORRECT) instanceof Outcome.Refused(String why)) {
                throw new ShadowProblem(
                        ProblemType.DEAD_LETTER_STATE, "dead letter %d is %s: %s".formatted(id, letter.state(), why));
            }
            if (correction.writes() != null && letter.sourceKey().isEmpty()) {
                throw new ShadowProblem(
                        ProblemType.DEAD_LETTER_STATE,
                        "dead letter %d names no row, so no later change of its table waits for it, and its writes would undo them; resolve it and repair the target"
                                .formatted(id));
            }
            letters.correct(id, correction.writes(), correction.note(), correction.who());
            return content(id);
        });
    }
}
