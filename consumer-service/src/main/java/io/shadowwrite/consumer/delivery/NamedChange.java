package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ShadowProblem;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The change that shadow-api names when it refuses one. */
record NamedChange(LogSequenceNumber commitLsn, int changeIndex) {

    /** Whether it may be another one that is refused. */
    static boolean isGuess(ShadowProblem problem) {
        return problem.facts().containsKey("guessed");
    }

    /** Null when the problem names none. */
    static @Nullable NamedChange in(ShadowProblem problem) {
        String commitLsn = problem.facts().get("commit_lsn");
        String changeIndex = problem.facts().get("change_index");
        return commitLsn == null || changeIndex == null
                ? null
                : new NamedChange(LsnText.parse("commit_lsn", commitLsn), Integer.parseInt(changeIndex));
    }
}
