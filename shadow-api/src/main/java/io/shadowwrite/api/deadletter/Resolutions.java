package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.deadletter.Transitions.Action;
import io.shadowwrite.api.deadletter.Transitions.Outcome;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.BehindDecision;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Gives letters up: nothing is applied, and a row is free again only when somebody has said so of all its letters. Thread-safe. */
final class Resolutions {

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Letters letters;

    Resolutions(ShadowDatabase database, Windows windows, Dictionary dictionary, Letters letters) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.letters = letters;
    }

    /** One letter. */
    ResolveResult resolve(long id, @Nullable BehindDecision decision, Decision by) {
        StoredLetter letter = letters.require(id);
        dictionary.registerTables(List.of(letter.sourceTable()));
        return database.inTransaction(() -> {
            LogSequenceNumber position = windows.lock().position();
            StoredLetter now = letters.require(id);
            return switch (Transitions.of(now.state(), Action.RESOLVE)) {
                case Outcome.Nothing _ -> new ResolveResult(0, 0);
                case Outcome.Refused(String why) ->
                    throw new ShadowProblem(
                            ProblemType.DEAD_LETTER_STATE, "dead letter %d is %s: %s".formatted(id, now.state(), why));
                case Outcome.Becomes _ -> resolve(List.of(now), position, decision, by);
            };
        });
    }

    /** Those of a selection that are still open. */
    ResolveResult resolveAll(List<Long> ids, @Nullable BehindDecision decision, Decision by) {
        dictionary.registerTables(letters.all(ids).stream()
                .map(StoredLetter::sourceTable)
                .distinct()
                .toList());
        return database.inTransaction(() -> {
            LogSequenceNumber position = windows.lock().position();
            List<StoredLetter> open = letters.all(ids).stream()
                    .filter(letter -> Transitions.of(letter.state(), Action.RESOLVE) instanceof Outcome.Becomes)
                    .toList();
            return resolve(open, position, decision, by);
        });
    }

    private ResolveResult resolve(
            List<StoredLetter> open, LogSequenceNumber position, @Nullable BehindDecision decision, Decision by) {
        List<Long> behind = behind(open);
        checkDecision(behind.size(), decision);
        List<StoredLetter> all = new ArrayList<>(open);
        boolean alsoThose = decision != null && decision.choice() == BehindDecision.Choice.RESOLVE;
        if (alsoThose) {
            all.addAll(letters.all(behind));
        }
        letters.resolved(all, position, by);
        return new ResolveResult(all.size(), alsoThose ? 0 : behind.size());
    }

    private List<Long> behind(List<StoredLetter> open) {
        Set<Long> behind = new LinkedHashSet<>();
        for (String table :
                open.stream().map(StoredLetter::sourceTable).distinct().toList()) {
            Waiting waiting = letters.waiting(table);
            open.stream()
                    .filter(letter -> letter.sourceTable().equals(table))
                    .flatMap(letter -> waiting.from(letter.event()).stream())
                    .forEach(entry -> behind.add(entry.id()));
        }
        open.forEach(letter -> behind.remove(letter.id()));
        return List.copyOf(behind);
    }

    private static void checkDecision(int behind, @Nullable BehindDecision decision) {
        Map<String, String> facts = Map.of("behind", String.valueOf(behind));
        if (decision == null && behind > 0) {
            throw new ShadowProblem(
                    ProblemType.DEAD_LETTERS_BEHIND,
                    "%d letter(s) wait behind; say what becomes of them: behind {\"choice\": \"KEEP\" or \"RESOLVE\", \"count\": %d}"
                            .formatted(behind, behind),
                    facts,
                    null);
        }
        if (decision != null && decision.count() != behind) {
            throw new ShadowProblem(
                    ProblemType.CONFIRMATION_STALE,
                    "%d letter(s) wait behind, not %d; look again".formatted(behind, decision.count()),
                    facts,
                    null);
        }
    }
}
