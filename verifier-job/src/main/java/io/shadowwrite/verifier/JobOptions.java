package io.shadowwrite.verifier;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.springframework.boot.ApplicationArguments;

/**
 * What the command line asks for.
 *
 * @param mode which verification; only hourly exists
 * @param json whether the report is JSON instead of a table
 * @param failOnVerdict whether a verdict other than clean decides the exit code
 * @param images whether the report shows row values
 * @param hours whose hour the run stands for
 */
record JobOptions(String mode, boolean json, boolean failOnVerdict, boolean images, TickHours hours) {

    private static final Set<String> NAMES = Set.of("mode", "output", "fail-on", "images", "simulated-clock");

    /**
     * Reads the options; {@code shadow.*} and other settings may stand beside them.
     *
     * @throws StartFailure INVALID with the option that is wrong
     */
    static JobOptions of(ApplicationArguments arguments) {
        for (String name : arguments.getOptionNames()) {
            if (!NAMES.contains(name) && !name.contains(".")) {
                throw invalid("there is no option --" + name);
            }
        }
        String mode = value(arguments, "mode", "hourly");
        if (!mode.equals("hourly")) {
            throw invalid("--mode=" + mode + " does not exist; use --mode=hourly");
        }
        String output = value(arguments, "output", "table");
        if (!output.equals("table") && !output.equals("json")) {
            throw invalid("--output is table or json");
        }
        String failOn = value(arguments, "fail-on", "nothing");
        if (!failOn.equals("nothing") && !failOn.equals("dirty")) {
            throw invalid("--fail-on is nothing or dirty");
        }
        return new JobOptions(
                mode,
                output.equals("json"),
                failOn.equals("dirty"),
                arguments.containsOption("images"),
                hours(value(arguments, "simulated-clock", "")));
    }

    private static TickHours hours(String simulated) {
        if (simulated.isEmpty()) {
            return new TickHours(null);
        }
        try {
            Instant hour = Instant.parse(simulated);
            if (hour.equals(hour.truncatedTo(ChronoUnit.HOURS))) {
                return new TickHours(hour);
            }
        } catch (DateTimeParseException notAnInstant) {
            // The same refusal as for one that is not a full hour.
        }
        throw invalid("--simulated-clock is a full UTC hour, as 2026-11-01T12:00:00Z");
    }

    /** Both {@code --name=value} and {@code --name value}. */
    private static String value(ApplicationArguments arguments, String name, String otherwise) {
        List<String> values = arguments.getOptionValues(name);
        if (values == null) {
            return otherwise;
        }
        return values.isEmpty() ? following(arguments, name) : values.getLast();
    }

    private static String following(ApplicationArguments arguments, String name) {
        List<String> all = List.of(arguments.getSourceArgs());
        int next = all.indexOf("--" + name) + 1;
        if (next >= all.size() || all.get(next).startsWith("--")) {
            throw invalid("--" + name + " needs a value");
        }
        return all.get(next);
    }

    private static StartFailure invalid(String message) {
        return new StartFailure(ExitCode.INVALID, message, null);
    }
}
