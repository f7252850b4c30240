package io.shadowwrite.api.start;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints a {@link StartRefused} as a list of problems instead of a stack trace. */
final class StartRefusedAnalyzer extends AbstractFailureAnalyzer<StartRefused> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartRefused cause) {
        return new FailureAnalysis(
                "shadow-api cannot start:\n  - " + String.join("\n  - ", cause.problems()),
                "Fix each point above and start again (exit code %d).".formatted(cause.getExitCode()),
                cause);
    }
}
