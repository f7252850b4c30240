package io.shadowwrite.protocol;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls shadow-api for as long as it takes. A problem that passes by itself is answered by the same request again, later
 * and later up to five seconds, behind a circuit breaker; every other problem is the caller's at once, and so is a defect
 * of the API that the same request meets again and again. One log line when the answers stop, or stop for another reason,
 * and one when they come back. For one thread.
 */
public final class PatientCaller {

    /** How the caller waits. */
    @FunctionalInterface
    public interface Pause {

        /**
         * Waits that long.
         *
         * @throws InterruptedException when the program shall stop instead
         */
        void await(Duration time) throws InterruptedException;
    }

    /** A defect that ten attempts within about half a minute did not get past is in the request, not in the moment. */
    static final int MOST_DEFECTS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(PatientCaller.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration BREAKER_OPEN = Duration.ofSeconds(2);
    private static final int BREAKER_WINDOW = 10;

    private final Pause pause;
    private final CircuitBreaker breaker;
    private final Retry retry;

    private @Nullable ProblemType silence;
    private long failures;

    public PatientCaller(Pause pause) {
        // By that of the machine an open breaker would stay so for as long as somebody turned it back.
        this(pause, new ForwardClock());
    }

    /** @param clock tells how long nothing was asked because nothing was answered */
    public PatientCaller(Pause pause, Clock clock) {
        this.pause = pause;
        this.breaker = CircuitBreaker.of("shadow-api", breakerConfig(clock));
        this.retry = Retry.of("shadow-api", retryConfig());
    }

    /**
     * The answer, however long it takes.
     *
     * @throws ShadowProblem that does not pass by itself, or INTERNAL once the same request was answered with it
     *     {@value #MOST_DEFECTS} times
     * @throws InterruptedException when the program shall stop while this waits
     */
    public <T> T call(Supplier<T> request) throws InterruptedException {
        // The asynchronous context only counts and computes; the waiting stays with us, where it can be ended.
        Retry.AsyncContext<T> attempts = retry.asyncContext();
        int defects = 0;
        while (true) {
            try {
                T answer = guarded(request);
                attempts.onComplete();
                return answer;
            } catch (ShadowProblem | CallNotPermittedException problem) {
                defects += isDefect(problem) ? 1 : 0;
                long waitMillis = attempts.onError(problem);
                if (waitMillis < 0 || defects == MOST_DEFECTS) {
                    throw problem;
                }
                pause.await(Duration.ofMillis(waitMillis));
            }
        }
    }

    /**
     * One attempt; empty when it failed for a reason that passes by itself.
     *
     * @throws ShadowProblem any other
     */
    public <T> Optional<T> once(Supplier<T> request) {
        try {
            return Optional.of(guarded(request));
        } catch (ShadowProblem | CallNotPermittedException problem) {
            if (passes(problem)) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    private <T> T guarded(Supplier<T> request) {
        try {
            T answer = breaker.executeSupplier(request);
            answered();
            return answer;
        } catch (ShadowProblem problem) {
            if (problem.retryable()) {
                failed(problem);
            } else {
                answered();
            }
            throw problem;
        }
    }

    private void failed(ShadowProblem problem) {
        failures++;
        if (problem.type() != silence) {
            silence = problem.type();
            LOG.warn("shadow-api does not take requests and is asked again until it does: {}", problem.getMessage());
        }
    }

    private void answered() {
        if (silence != null) {
            LOG.info("shadow-api answers again after {} failed requests", failures);
            silence = null;
            failures = 0;
        }
    }

    private static boolean isDefect(Throwable problem) {
        return problem instanceof ShadowProblem refused && refused.type() == ProblemType.INTERNAL;
    }

    private static boolean passes(Throwable problem) {
        return problem instanceof CallNotPermittedException
                || (problem instanceof ShadowProblem refused && refused.retryable());
    }

    private static RetryConfig retryConfig() {
        return RetryConfig.custom()
                .maxAttempts(Integer.MAX_VALUE)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 2.0, 0.2, LONGEST_PAUSE))
                .retryOnException(PatientCaller::passes)
                .build();
    }

    private static CircuitBreakerConfig breakerConfig(Clock clock) {
        return CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(BREAKER_WINDOW)
                .minimumNumberOfCalls(BREAKER_WINDOW)
                .waitDurationInOpenState(BREAKER_OPEN)
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordException(PatientCaller::passes)
                .build();
    }
}
