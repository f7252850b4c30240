package io.shadowwrite.cli.verify;

import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingPage;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.RunPage;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs and findings as shadow-api keeps them. */
public record StoredRuns(ShadowApi api) {

    private static final int PAGE = 1_000;

    /** More than a migration of a year has. */
    private static final int MOST_PAGES = 20;

    /**
     * Some findings of a run.
     *
     * @param more whether there are more of them
     */
    public record Found(List<FindingSummary> findings, boolean more) {}

    /** The latest run; empty when there is none. */
    public Optional<RunSummary> latest() {
        return api.runs(1, null, null, null).runs().stream().findFirst();
    }

    /** The runs whose ids begin so, newest first. */
    public List<RunSummary> startingWith(String prefix) {
        List<RunSummary> found = new ArrayList<>();
        UUID before = null;
        for (int i = 0; i < MOST_PAGES; i++) {
            RunPage page = api.runs(PAGE, before, null, null);
            page.runs().stream()
                    .filter(run -> run.runId().toString().startsWith(prefix))
                    .forEach(found::add);
            before = page.next();
            if (before == null) {
                break;
            }
        }
        return found;
    }

    /** The first findings, as many as wanted. */
    public Found findings(UUID runId, @Nullable FindingClass findingClass, @Nullable String model, int limit) {
        List<FindingSummary> found = new ArrayList<>();
        Integer after = null;
        do {
            FindingPage page = api.findings(runId, Math.min(PAGE, limit - found.size()), after, findingClass, model);
            found.addAll(page.findings());
            after = page.next();
        } while (after != null && found.size() < limit);
        return new Found(found, after != null);
    }
}
