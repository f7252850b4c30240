package io.shadowwrite.cli;

import io.shadowwrite.cli.verify.StoredRuns;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.RunSummary;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a person names a run: by its id, by the beginning of it, or not at all for the latest. */
final class RunName {

    private RunName() {}

    /**
     * The run.
     *
     * @throws CommandFailed when there is none, or more than one
     */
    static RunSummary find(StoredRuns runs, @Nullable String name) {
        if (name == null) {
            return runs.latest()
                    .orElseThrow(() -> new CommandFailed(ExitCode.REFUSED, "no run of the verifier is stored", null));
        }
        String prefix = name.toLowerCase(Locale.ROOT);
        if (!prefix.matches("[0-9a-f][0-9a-f-]*")) {
            throw CommandFailed.usage("a run is named by its id, or by the beginning of it");
        }
        List<RunSummary> found = runs.startingWith(prefix);
        return switch (found.size()) {
            case 0 -> throw new CommandFailed(ExitCode.REFUSED, "no run %s is stored".formatted(name), null);
            case 1 -> found.getFirst();
            default ->
                throw CommandFailed.usage("%d runs begin with %s; give more of the id".formatted(found.size(), name));
        };
    }
}
