package io.shadowwrite.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Stands before our own controllers wherever a host's path prefix or spelling of paths puts them, should
 * {@link TokenFilter} not have seen the request; and keeps everybody but an operator from the operator's routes.
 */
public final class TokenInterceptor implements HandlerInterceptor {

    private static final String OURS = "io.shadowwrite.api.";

    private final Tokens tokens;

    public TokenInterceptor(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith(OURS)) {
            Caller caller = request.getAttribute(Caller.ATTRIBUTE) instanceof Caller admitted
                    ? admitted
                    : tokens.admit(request.getHeader(HttpHeaders.AUTHORIZATION));
            request.setAttribute(Caller.ATTRIBUTE, caller);
            String route = String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
            if (OperatorRoutes.contain(request.getMethod(), route)) {
                caller.mustBeOperator(request.getMethod() + " " + route);
            }
        }
        return true;
    }
}
