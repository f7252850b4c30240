package io.shadowwrite.api.security;

import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Stands before every route of /shadow/*, known or not, and before nothing else. */
public final class TokenFilter extends OncePerRequestFilter {

    private final Supplier<Tokens> tokens;
    private final Supplier<ApiMetrics> metrics;

    public TokenFilter(Supplier<Tokens> tokens, Supplier<ApiMetrics> metrics) {
        this.tokens = tokens;
        this.metrics = metrics;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long began = System.nanoTime();
        Caller caller;
        try {
            caller = tokens.get().admit(request.getHeader(HttpHeaders.AUTHORIZATION));
        } catch (ShadowProblem refusal) {
            refuse(response, refusal);
            metrics.get()
                    .request(
                            request.getMethod(),
                            ApiMetrics.NO_ROUTE,
                            refusal.type().name(),
                            Duration.ofNanos(System.nanoTime() - began));
            return;
        }
        request.setAttribute(Caller.ATTRIBUTE, caller);
        chain.doFilter(request, response);
    }

    private static void refuse(HttpServletResponse response, ShadowProblem refusal) throws IOException {
        response.setStatus(refusal.type().status());
        response.setContentType(ProblemDocument.MEDIA_TYPE);
        response.getOutputStream().write(WireJson.mapper().writeValueAsBytes(ProblemDocument.of(refusal)));
    }
}
