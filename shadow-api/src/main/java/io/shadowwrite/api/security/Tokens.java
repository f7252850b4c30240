package io.shadowwrite.api.security;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The two secrets. The operator's also opens what the service's opens.
 *
 * @param service blank when not configured, which closes every route
 * @param operator blank when not configured, which closes the operator's routes
 */
public record Tokens(String service, String operator) {

    private static final String SCHEME = "Bearer ";

    /**
     * Who presents this Authorization header.
     *
     * @throws ShadowProblem with TOKEN_NOT_CONFIGURED or TOKEN_WRONG
     */
    Caller admit(@Nullable String authorization) {
        if (service.isBlank()) {
            throw new ShadowProblem(
                    ProblemType.TOKEN_NOT_CONFIGURED, "set RDS_CDC_SHADOW_TOKEN for shadow-api and restart it");
        }
        String presented = authorization != null && authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length())
                : "";
        // Both comparisons always run, so that time tells nothing.
        boolean isOperator = same(presented, operator);
        boolean isService = same(presented, service);
        if (isOperator && !operator.isBlank()) {
            return Caller.OPERATOR;
        }
        if (isService) {
            return Caller.SERVICE;
        }
        throw new ShadowProblem(
                ProblemType.TOKEN_WRONG, "the bearer token is not that of RDS_CDC_SHADOW_TOKEN of this API");
    }

    private static boolean same(String presented, String expected) {
        return MessageDigest.isEqual(
                presented.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Tokens[service=%s, operator=%s]".formatted(shown(service), shown(operator));
    }

    private static String shown(String token) {
        return token.isBlank() ? "not configured" : "configured";
    }
}
