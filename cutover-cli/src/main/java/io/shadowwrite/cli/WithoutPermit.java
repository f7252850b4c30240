package io.shadowwrite.cli;

import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do when an attempt got no permit. Somebody else may hold the consumer or have one: then nobody lets writers go on,
 * or aborts, because this attempt ended.
 *
 * @param begun whether there was anything to undo
 * @param undone whether all of it is
 * @param abort the command that undoes the rest
 * @param now how the migration stands; null when nobody knows
 */
record WithoutPermit(
        boolean begun,
        boolean undone,
        String abort,
        @Nullable Status now) {

    /** Null when shadow-api does not tell. */
    static @Nullable Status ask(ShadowApi api) {
        try {
            return api.status();
        } catch (ShadowProblem unknown) {
            return null;
        }
    }

    List<String> next() {
        if (now == null) {
            return List.of("before anything else ask how it stands: ./shadow cutover status");
        }
        boolean ofOthers = !now.phase().equals("VALIDATING")
                || (now.gate() != null && now.gate().fence() != null);
        if (!begun || ofOthers) {
            return now.nextSteps();
        }
        return List.of(
                undone
                        ? "everything is as before: let the writers go on, or mend it and execute again"
                        : "undo the rest: " + abort);
    }
}
