package io.shadowwrite.verification.race;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Comparison.Subject;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinOutcome;
import io.shadowwrite.verification.pin.PinnedSides;
import io.shadowwrite.verification.pin.RaceWindow;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Deadline;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what differs under a race window. A difference on a row that no transaction of the window wrote is one. The others
 * are looked at again at once, each time with a new and much smaller window; what still differs by then is told as what it
 * is, a difference that may be one, and becomes a real one if the run before left the same and every look agrees.
 */
public final class Relief {

    private static final Logger LOG = LoggerFactory.getLogger(Relief.class);
    private static final int MOST_LOOKS = 3;
    private static final String BEYOND_THE_LOOKS =
            "beyond twenty times the cap of findings may be of the race window: raise shadow.verifier.findings-cap";
    private static final String BEYOND_THE_CAP =
            "of the race window are beyond the cap of findings, and the next run would not know them: raise shadow.verifier.findings-cap";

    private final List<Comparison> models;
    private final List<Comparison> keyMap;
    private final Scans scans;
    private final Findings findings;
    private final Deadline deadline;
    private final Progress progress;

    /**
     * Relief for what these comparisons find.
     *
     * @param findings where what stays goes
     * @param deadline of all looks together
     */
    public Relief(
            List<Comparison> models,
            List<Comparison> keyMap,
            Scans scans,
            Findings findings,
            Deadline deadline,
            Progress progress) {
        this.models = models;
        this.keyMap = keyMap;
        this.scans = scans;
        this.findings = findings;
        this.deadline = deadline;
        this.progress = progress;
    }

    /** What came of looking once more. */
    private sealed interface Look {

        /** What still differs and is inside of the new window as well. */
        record Left(List<Suspect> raced) implements Look {}

        /** There was none to be had. */
        record Missed(String reason) implements Look {}
    }

    /**
     * Sorts what was seen, and adds what stays of it to the findings. What was only counted is left out, because nobody can
     * tell.
     *
     * @param rows what the comparisons of models found
     * @param mappings what those of the key map found
     * @throws VerificationProblem when the pinned sides cannot be read, or SELF_TEST
     */
    public Relieved settle(PinnedSides sides, RaceWindow window, Findings rows, Findings mappings) {
        List<Suspect> suspects = new ArrayList<>(Suspect.of(models, rows.kept()));
        suspects.addAll(Suspect.of(keyMap, mappings.kept()));
        List<Suspect> raced = judge(suspects, sides, window);
        int atFirst = raced.size();
        long definitive = findings.total();
        List<String> undecided = new ArrayList<>();
        undecided(undecided, rows.onlyCounted() + mappings.onlyCounted(), BEYOND_THE_LOOKS);
        Set<String> agreed = signatures(raced);
        String missed = null;
        int looks = 0;
        while (looks < MOST_LOOKS && !raced.isEmpty() && missed == null) {
            progress.step(
                    Step.RELIEF, "%d difference(s) of the race window, look %d".formatted(raced.size(), looks + 1));
            switch (lookAgain(raced, window.again())) {
                case Look.Left(List<Suspect> left) -> {
                    raced = left;
                    agreed.retainAll(signatures(raced));
                    looks++;
                }
                case Look.Missed(String reason) -> missed = reason;
            }
        }
        boolean unseen = looks == 0 && !raced.isEmpty();
        if (unseen) {
            undecided(undecided, raced.size(), "of the race window could not be looked at again: " + missed);
        }
        undecided(undecided, keep(raced, agreed, unseen ? Set.of() : before(raced, sides)), BEYOND_THE_CAP);
        return new Relieved(atFirst - (findings.total() - definitive), undecided);
    }

    private static void undecided(List<String> lines, long number, String why) {
        if (number > 0) {
            lines.add("%d difference(s) %s".formatted(number, why));
        }
    }

    /** Adds what is outside of the window to the findings and answers the others. */
    private List<Suspect> judge(List<Suspect> suspects, PinnedSides sides, RaceWindow window) {
        if (suspects.isEmpty()) {
            return List.of();
        }
        List<SourceRow> origins = new Origins(sides.source(), keyMap).of(suspects);
        RacedRows rows = new RacedRows(window, sides.mark());
        Set<Integer> inside = sides.target()
                .read("the receipts of the race window", connection -> rows.among(connection, suspects, origins));
        List<Suspect> raced = new ArrayList<>();
        for (int i = 0; i < suspects.size(); i++) {
            Suspect suspect = suspects.get(i);
            if (inside.contains(i) && suspect.finding().findingClass().mayBeARace()) {
                raced.add(suspect);
            } else {
                findings.add(suspect.finding());
            }
        }
        return raced;
    }

    private Look lookAgain(List<Suspect> raced, Pin again) {
        if (deadline.isOver()) {
            return missed("the looks before took all the time there was");
        }
        try {
            return switch (again.take()) {
                case PinOutcome.Pinned(PinnedSides sides) -> new Look.Left(compareAgain(raced, sides));
                case PinOutcome.Impossible impossible -> missed(impossible.reason());
                case PinOutcome.Unfit unfit -> missed(unfit.reason());
            };
        } catch (StreamProblem e) {
            return missed(String.valueOf(e.getMessage()));
        } catch (VerificationProblem e) {
            if (e.code() == VerificationProblem.Code.SELF_TEST) {
                throw e;
            }
            return missed(String.valueOf(e.getMessage()));
        }
    }

    private static Look missed(String reason) {
        LOG.warn("{} cannot be looked at again: {}", FindingClass.VERIFIER_RACE_WINDOW, reason);
        return new Look.Missed(reason);
    }

    private List<Suspect> compareAgain(List<Suspect> raced, PinnedSides sides) {
        try (sides) {
            RaceWindow window = sides.window();
            if (window == null) {
                throw new IllegalStateException("a second look without a race window");
            }
            return deadline.keep("a second look", sides::breakOff, () -> stillRaced(raced, sides, window));
        }
    }

    private List<Suspect> stillRaced(List<Suspect> raced, PinnedSides sides, RaceWindow window) {
        Comparer comparer = new Comparer(
                SqlSide.expected(sides.source(), scans),
                SqlSide.found(sides.target(), scans),
                sides.source(),
                progress);
        List<List<Comparison>> bySubject = Stream.of(Subject.values())
                .map(subject -> onlyKeysOf(raced, subject))
                .toList();
        // All at once, before any of them is read: see TableLocks.
        comparer.prepare(bySubject.stream().flatMap(List::stream).toList());
        List<Suspect> again = new ArrayList<>();
        for (List<Comparison> few : bySubject) {
            // A key has at most two differences: too many rows, and none in the source.
            Findings found = new Findings(2 * raced.size());
            comparer.compare(Step.RELIEF, few, found);
            again.addAll(Suspect.of(few, found.kept()));
        }
        return judge(again, sides, window);
    }

    private static List<Comparison> onlyKeysOf(List<Suspect> suspects, Subject subject) {
        Map<Comparison, Set<String>> keys = new LinkedHashMap<>();
        for (Suspect suspect : suspects) {
            if (suspect.comparison().subject() == subject) {
                keys.computeIfAbsent(suspect.comparison(), _ -> new LinkedHashSet<>())
                        .add(suspect.finding().targetKey());
            }
        }
        return keys.entrySet().stream()
                .map(entry -> entry.getKey().only(entry.getValue()))
                .toList();
    }

    private static Set<String> signatures(List<Suspect> suspects) {
        Set<String> signatures = new HashSet<>();
        suspects.forEach(suspect -> signatures.addAll(Signature.of(suspect.finding())));
        return signatures;
    }

    private static Set<String> before(List<Suspect> raced, PinnedSides sides) {
        return raced.isEmpty()
                ? Set.of()
                : sides.target()
                        .read(
                                "the findings of the run before",
                                connection -> KnownDifferences.ofTheRunBefore(connection, sides.hour()));
    }

    /**
     * A row that is written all the time differs in some way in most looks. Only what was wrong in the same way in all looks
     * of this run and in all of the one before is no race.
     *
     * @return how many there is no room for
     */
    private long keep(List<Suspect> raced, Set<String> agreed, Set<String> before) {
        long beyond = 0;
        for (Suspect suspect : raced) {
            Finding finding = suspect.finding();
            Set<String> same = Signature.of(finding);
            same.retainAll(agreed);
            boolean known = !Collections.disjoint(same, before);
            beyond += !known && findings.room() == 0 ? 1 : 0;
            findings.add(known ? finding : finding.inRaceWindow(KnownDifferences.joined(same)));
        }
        return beyond;
    }
}
