package io.shadowwrite.verifier;

import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;

/** A reason not to run that an operator can read in one line, and the exit code that goes with it. */
final class ExpectedFailure extends RuntimeException {

    private final ExitCode exit;

    ExpectedFailure(ExitCode exit, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    ExitCode exit() {
        return exit;
    }

    /** The expected failure that this one is or stands for, if it is an expected one. */
    static Optional<ExpectedFailure> in(Throwable failure) {
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            ExpectedFailure known = known(cause, causes);
            if (known != null) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    private static @Nullable ExpectedFailure known(Throwable cause, List<Throwable> causes) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case ExpectedFailure expected -> expected;
            case InvalidContract invalid -> new ExpectedFailure(ExitCode.INVALID, message, invalid);
            case ConfigurationPropertiesBindException invalid ->
                new ExpectedFailure(ExitCode.INVALID, settingsProblem(causes), invalid);
            case ShadowProblem problem -> new ExpectedFailure(problem.type().exitCode(), message, problem);
            case StreamProblem problem -> new ExpectedFailure(ExitCode.UNREACHABLE, message, problem);
            case VerificationProblem problem -> new ExpectedFailure(ExitCode.UNREACHABLE, message, problem);
            default -> null;
        };
    }

    private static String settingsProblem(List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (cause instanceof UnboundConfigurationPropertiesException unbound) {
                return "unknown settings: "
                        + unbound.getUnboundProperties().stream()
                                .map(property -> property.getName().toString())
                                .toList();
            }
        }
        return "invalid settings: " + causes.getLast().getMessage();
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable next = failure;
        while (next != null && !causes.contains(next)) {
            causes.add(next);
            next = next.getCause();
        }
        return causes;
    }
}
