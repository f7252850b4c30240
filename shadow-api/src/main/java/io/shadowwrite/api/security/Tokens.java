package io.shadowwrite.api.security;

import io.shadowwrite.api.start.StartRefused;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The two secrets. The operator's also opens what the service's opens.
 *
 * @param service empty when not configured, which closes every route
 * @param operator empty when not configured, which closes the operator's routes
 */
public record Tokens(String service, String operator) {

    /** Variable that holds the service's secret. */
    public static final String SERVICE_VARIABLE = "RDS_CDC_SHADOW_TOKEN";

    /** Variable that holds the operator's secret. */
    public static final String OPERATOR_VARIABLE = "RDS_CDC_SHADOW_OPERATOR_TOKEN";

    /** What a header carries unchanged, and long enough not to be guessed by hand. */
    private static final Pattern USABLE = Pattern.compile("[!-~]{16,}");

    private static final String SCHEME = "Bearer ";

    /**
     * Refuses secrets that cannot protect anything or can never match a header.
     *
     * @throws StartRefused with every problem, and without the secrets
     */
    public Tokens {
        List<String> problems = new ArrayList<>();
        check(problems, SERVICE_VARIABLE, service);
        check(problems, OPERATOR_VARIABLE, operator);
        if (!service.isEmpty() && service.equals(operator)) {
            problems.add("%s and %s are equal, which makes every service an operator; give them different values"
                    .formatted(SERVICE_VARIABLE, OPERATOR_VARIABLE));
        }
        if (!problems.isEmpty()) {
            throw StartRefused.invalid("the tokens", problems);
        }
    }

    private static void check(List<String> problems, String variable, String token) {
        if (!token.isEmpty() && !USABLE.matcher(token).matches()) {
            problems.add(
                    "%s is not usable; it takes at least 16 visible ASCII characters without white space, such as those of: openssl rand -hex 32"
                            .formatted(variable));
        }
    }

    /**
     * Who presents this Authorization header.
     *
     * @throws ShadowProblem with TOKEN_NOT_CONFIGURED or TOKEN_WRONG
     */
    Caller admit(@Nullable String authorization) {
        if (service.isEmpty()) {
            throw new ShadowProblem(
                    ProblemType.TOKEN_NOT_CONFIGURED,
                    "set %s for shadow-api and restart it".formatted(SERVICE_VARIABLE));
        }
        String presented = presented(authorization);
        // Both comparisons always run, so that time tells nothing.
        boolean isOperator = same(presented, operator);
        boolean isService = same(presented, service);
        if (isOperator && !operator.isEmpty()) {
            return Caller.OPERATOR;
        }
        if (isService) {
            return operator.isEmpty() ? Caller.SERVICE_WITHOUT_OPERATOR : Caller.SERVICE;
        }
        throw new ShadowProblem(
                ProblemType.TOKEN_WRONG, "the bearer token is not that of %s of this API".formatted(SERVICE_VARIABLE));
    }

    /** The scheme's name is matched in any case, as the HTTP specification wants it. */
    private static String presented(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length())
                : "";
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
        return token.isEmpty() ? "not configured" : "configured";
    }
}
