package io.shadowwrite.api.security;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;

/** Which of the two tokens a request carries. */
public enum Caller {
    SERVICE,
    /** The service's token, at an API that no operator can call because it has no token for one. */
    SERVICE_WITHOUT_OPERATOR,
    OPERATOR;

    /** Name of the request attribute that holds the caller of an admitted request. */
    public static final String ATTRIBUTE = "io.shadowwrite.api.caller";

    /**
     * Lets only an operator pass. For what depends on the body of a request; whole routes are listed in
     * {@link OperatorRoutes}.
     *
     * @throws ShadowProblem with TOKEN_INSUFFICIENT, or TOKEN_NOT_CONFIGURED when nobody can be an operator
     */
    public void mustBeOperator(String action) {
        switch (this) {
            case OPERATOR -> {}
            case SERVICE ->
                throw new ShadowProblem(
                        ProblemType.TOKEN_INSUFFICIENT,
                        "%s needs the token of %s".formatted(action, Tokens.OPERATOR_VARIABLE));
            case SERVICE_WITHOUT_OPERATOR ->
                throw new ShadowProblem(
                        ProblemType.TOKEN_NOT_CONFIGURED,
                        "%s needs an operator; set %s for shadow-api and restart it"
                                .formatted(action, Tokens.OPERATOR_VARIABLE));
        }
    }
}
