package io.shadowwrite.api.metrics;

import io.shadowwrite.protocol.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Times every request that one of our own controllers is asked for. */
public final class RequestMetrics implements HandlerInterceptor {

    private static final String OURS = "io.shadowwrite.api.";
    private static final String BEGAN = "io.shadowwrite.api.began";
    private static final String PROBLEM = "io.shadowwrite.api.problem";

    private final ApiMetrics metrics;

    public RequestMetrics(ApiMetrics metrics) {
        this.metrics = metrics;
    }

    /** Remembers that the request is answered with this problem. */
    public static void remember(HttpServletRequest request, ProblemType problem) {
        request.setAttribute(PROBLEM, problem);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // A streamed answer passes here once more when it is done.
        if (isOurs(handler) && request.getAttribute(BEGAN) == null) {
            request.setAttribute(BEGAN, System.nanoTime());
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (isOurs(handler) && request.getAttribute(BEGAN) instanceof Long began) {
            metrics.request(
                    request.getMethod(),
                    String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)),
                    outcome(request, failure),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static String outcome(HttpServletRequest request, @Nullable Exception failure) {
        if (request.getAttribute(PROBLEM) instanceof ProblemType problem) {
            return problem.name();
        }
        return failure == null ? ApiMetrics.SUCCESS : ProblemType.INTERNAL.name();
    }

    private static boolean isOurs(Object handler) {
        return handler instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith(OURS);
    }
}
