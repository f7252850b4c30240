package io.shadowwrite.api.deadletter;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;

/** Who decided, and why; both are said. */
record Decision(String who, String reason) {

    Decision {
        if (who.isBlank() || reason.isBlank()) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "who and reason are required, for the record");
        }
    }
}
