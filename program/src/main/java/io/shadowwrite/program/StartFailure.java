package io.shadowwrite.program;

import io.shadowwrite.protocol.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
        return in(failure, _ -> null);
    }

    /**
     * The same for a program that expects more.
     *
     * @param exits what the program ends with for a cause of its own; null for what nobody expects
     */
    public static Optional<StartFailure> in(Throwable failure, Function<Throwable, @Nullable ExitCode> exits) {
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            switch (cause) {
                case StartFailure known -> {
                    return Optional.of(known);
                }
                case ConfigurationPropertiesBindException invalid -> {
                    return Optional.of(new StartFailure(ExitCode.INVALID, settingsProblem(causes), invalid));
                }
                default -> {
                    ExitCode exit = exits.apply(cause);
                    if (exit != null) {
                        return Optional.of(new StartFailure(exit, String.valueOf(cause.getMessage()), cause));
                    }
                }
            }
        }
        return Optional.empty();
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
