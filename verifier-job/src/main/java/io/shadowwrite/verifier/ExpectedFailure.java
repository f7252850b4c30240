package io.shadowwrite.verifier;

import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ProblemType;
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

    private final Exit exit;

    ExpectedFailure(Exit exit, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    Exit exit() {
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
            case InvalidContract invalid -> new ExpectedFailure(Exit.INVALID, message, invalid);
            case ConfigurationPropertiesBindException invalid ->
                new ExpectedFailure(Exit.INVALID, settingsProblem(causes), invalid);
            case ShadowProblem problem -> new ExpectedFailure(exitOf(problem.type()), message, problem);
            case StreamProblem problem -> new ExpectedFailure(Exit.UNREACHABLE, message, problem);
            case VerificationProblem problem -> new ExpectedFailure(Exit.UNREACHABLE, message, problem);
            default -> null;
        };
    }

    private static Exit exitOf(ProblemType type) {
        return switch (type) {
            case WINDOW_MISMATCH,
                    MODEL_UNKNOWN,
                    CONTRACT_MISMATCH,
                    OPTIONS_DRIFT,
                    SOURCE_CHANGED,
                    WINDOW_NOT_OPEN,
                    WINDOW_ALREADY_OPEN -> Exit.INVALID;
            case TOKEN_NOT_CONFIGURED,
                    TOKEN_WRONG,
                    TOKEN_INSUFFICIENT,
                    MALFORMED_REQUEST,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    EPOCH_FENCED,
                    OUT_OF_ORDER,
                    OUT_OF_TURN,
                    HOLD_TAKEN,
                    ROW_NOT_FOUND,
                    POSITION_BEHIND,
                    READERS_BUSY,
                    READ_TOO_LONG,
                    VALUE_UNREADABLE,
                    BROKEN_INVARIANT,
                    DEAD_LETTER_UNKNOWN,
                    DEAD_LETTER_STATE,
                    DEAD_LETTER_BLOCKED,
                    DEAD_LETTER_INCOMPLETE,
                    DEAD_LETTERS_BEHIND,
                    DEAD_LETTER_HALTS,
                    DEAD_LETTERS_FULL,
                    CONFIRMATION_STALE,
                    IDEMPOTENCY_CONFLICT,
                    ROW_EXISTS,
                    ROW_MISSING,
                    ROW_PARKED,
                    STALE_WRITE,
                    WRITE_REJECTED,
                    WRITE_TOO_LONG,
                    TARGET_UNAVAILABLE,
                    TARGET_CONFLICT,
                    INTERNAL -> Exit.UNREACHABLE;
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
