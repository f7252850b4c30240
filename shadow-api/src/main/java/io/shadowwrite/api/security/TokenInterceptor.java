package io.shadowwrite.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Stands before our own controllers wherever a host's path prefix or spelling of paths puts them, should
 * {@link TokenFilter} not have seen the request.
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
                && method.getBeanType().getName().startsWith(OURS)
                && request.getAttribute(Caller.ATTRIBUTE) == null) {
            request.setAttribute(Caller.ATTRIBUTE, tokens.admit(request.getHeader(HttpHeaders.AUTHORIZATION)));
        }
        return true;
    }
}
