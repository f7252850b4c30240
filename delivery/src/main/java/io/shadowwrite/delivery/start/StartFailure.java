package io.shadowwrite.delivery.start;

import io.shadowwrite.protocol.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;

/** A start that cannot succeed for a reason an operator can read in one line. */
public final class StartFailure extends RuntimeException {

    private final ExitCode exitCode;

    public StartFailure(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The code the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** The start failure somewhere in the causes, when the failure is an expected one. */
    public static Optional<StartFailure> in(Throwable failure) {
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            if (cause instanceof StartFailure known) {
                return Optional.of(known);
            }
        }
        return causes.stream()
                .filter(ConfigurationPropertiesBindException.class::isInstance)
                .findFirst()
                .map(_ -> new StartFailure(ExitCode.INVALID, settingsProblem(causes), failure));
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
