package io.shadowwrite.api.security;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;

/** Which of the two tokens a request carries. */
public enum Caller {
    SERVICE,
    OPERATOR;

    /** Name of the request attribute that holds the caller of an admitted request. */
    public static final String ATTRIBUTE = "io.shadowwrite.api.caller";

    /**
     * Lets only an operator pass.
     *
     * @throws ShadowProblem with TOKEN_INSUFFICIENT
     */
    public void mustBeOperator(String action) {
        if (this != OPERATOR) {
            throw new ShadowProblem(
                    ProblemType.TOKEN_INSUFFICIENT,
                    "%s needs the token of RDS_CDC_SHADOW_OPERATOR_TOKEN".formatted(action));
        }
    }
}
