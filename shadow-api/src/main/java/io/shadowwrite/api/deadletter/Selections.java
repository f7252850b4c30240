package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.BehindDecision;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterOutcome;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ReplayStop;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.SelectionResult;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Acts on many letters, and only on those that somebody saw counted. Thread-safe. */
final class Selections {

    /** What a selection holds at most, and with it the transactions of one bulk action. */
    static final int MOST = 1_000;

    private static final String FREEZE = "insert into shadow.dead_letter_selection (id, letters) values (?, ?)";

    private static final String FORGET_OLD =
            "delete from shadow.dead_letter_selection where created_at < clock_timestamp() - interval '1 day'";

    private static final String FIND = "select unnest(letters) from shadow.dead_letter_selection where id = ?";

    private static final String EXISTS = "select count(*) from shadow.dead_letter_selection where id = ?";

    private final ShadowDatabase database;
    private final Listing listing;
    private final Letters letters;
    private final Replays replays;
    private final Resolutions resolutions;

    Selections(ShadowDatabase database, Listing listing, Letters letters, Replays replays, Resolutions resolutions) {
        this.database = database;
        this.listing = listing;
        this.letters = letters;
        this.replays = replays;
        this.resolutions = resolutions;
    }

    LetterSelection freeze(LetterFilter filter) {
        List<Long> found = listing.ids(filter, MOST + 1);
        List<Long> frozen = found.subList(0, Math.min(found.size(), MOST));
        UUID id = UUID.randomUUID();
        database.jdbc().sql(FORGET_OLD).update();
        database.jdbc().sql(FREEZE).param(id).param(SqlArrays.bigint(frozen)).update();
        return new LetterSelection(id, frozen.size(), found.size() > MOST);
    }

    /**
     * Each row's letters in a transaction of their own: a refused one keeps only its own row back. Whoever asks for parts asks
     * for one after the other; a part that is asked for again finds its letters applied.
     */
    SelectionResult replay(UUID id, SelectionReplay request) {
        List<Long> selected = confirmed(id, request.count());
        int end = end(request, selected.size());
        Decision by = new Decision(request.who(), request.reason());
        Set<Long> members = Set.copyOf(selected);
        Set<Long> stopped = new HashSet<>();
        List<ReplayStop> stops = new ArrayList<>();
        int replayed = 0;
        List<Long> part = selected.subList(request.from(), end);
        for (long letter : part) {
            if (stopped.contains(letter) || letters.require(letter).state() != LetterState.OPEN) {
                continue;
            }
            ReplayResult result = replayOne(letter, members, by);
            replayed += result.replayed();
            ReplayStop stop = result.stop();
            if (stop != null && stopped.add(stop.letter())) {
                stops.add(stop);
            }
        }
        return new SelectionResult(replayed, stops, outcomes(part), end == selected.size() ? null : end);
    }

    private static int end(SelectionReplay request, int size) {
        Integer most = request.most();
        if (request.from() < 0 || request.from() > size || (most != null && most < 1)) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST, "from is 0 to %d, and most at least 1 or null".formatted(size));
        }
        return most == null ? size : (int) Math.min(size, (long) request.from() + most);
    }

    private List<LetterOutcome> outcomes(List<Long> part) {
        return part.stream()
                .map(letter -> new LetterOutcome(letter, letters.require(letter).state()))
                .toList();
    }

    private ReplayResult replayOne(long letter, Set<Long> members, Decision by) {
        try {
            return replays.replay(letter, members::contains, by);
        } catch (ShadowProblem problem) {
            return switch (problem.type().handling()) {
                case FATAL, PARKABLE ->
                    new ReplayResult(
                            LetterState.OPEN,
                            0,
                            0,
                            new ReplayStop(letter, problem.type().name(), problem.detail()),
                            null);
                case RETRYABLE -> throw problem;
            };
        }
    }

    ResolveResult resolve(UUID id, int count, @Nullable BehindDecision behind, Decision by) {
        return resolutions.resolveAll(confirmed(id, count), behind, by);
    }

    private List<Long> confirmed(UUID id, int count) {
        if (database.jdbc().sql(EXISTS).param(id).query(Long.class).single() == 0) {
            throw new ShadowProblem(
                    ProblemType.DEAD_LETTER_UNKNOWN,
                    "there is no selection %s; selections are forgotten after a day".formatted(id));
        }
        List<Long> selected =
                database.jdbc().sql(FIND).param(id).query(Long.class).list();
        if (selected.size() != count) {
            throw new ShadowProblem(
                    ProblemType.CONFIRMATION_STALE,
                    "the selection holds %d letters, not %d; repeat the number it was answered with"
                            .formatted(selected.size(), count));
        }
        return selected;
    }
}
