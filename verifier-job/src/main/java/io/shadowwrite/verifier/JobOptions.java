package io.shadowwrite.verifier;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.replication.Lsn;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.boot.ApplicationArguments;

/**
 * What the command line asks for.
 *
 * @param mode which verification
 * @param snapshot the exported snapshot of the source to compare; null unless after a backfill
 * @param lsn the LSN of that snapshot, or the final LSN of a cutover; null in an hourly run
 * @param json whether the report is JSON instead of a table
 * @param failOnVerdict whether a verdict other than clean decides the exit code
 * @param images whether the report shows row values
 * @param hours which hours are judged, one run for each in this order; more than one only of a simulated clock
 */
record JobOptions(
        Mode mode,
        @Nullable String snapshot,
        @Nullable LogSequenceNumber lsn,
        boolean json,
        boolean failOnVerdict,
        boolean images,
        List<TickHours> hours) {

    private static final Set<String> NAMES = Set.of(
            "mode",
            "snapshot",
            "snapshot-lsn",
            "final-lsn",
            "output",
            "fail-on",
            "images",
            "simulated-clock",
            "simulated-hours");

    /** As many as a window asks for. */
    private static final int MOST_HOURS = 168;

    /** Whether the target is read with SQL. */
    boolean readsTarget() {
        return mode != Mode.CUTOVER;
    }

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
        String named = value(arguments, "mode", Mode.HOURLY.label());
        Mode mode = Mode.of(named)
                .orElseThrow(() -> invalid("--mode=%s does not exist; use one of %s".formatted(named, Mode.labels())));
        return new JobOptions(
                mode,
                snapshot(arguments, mode),
                lsn(arguments, mode),
                oneOf(arguments, "output", "table", "json").equals("json"),
                oneOf(arguments, "fail-on", "nothing", "dirty").equals("dirty"),
                arguments.containsOption("images"),
                mode == Mode.HOURLY ? hours(arguments) : noHours(arguments, mode));
    }

    /** Whether the report shall be JSON, for when nothing else of the command line can be read. */
    static boolean wantsJson(String... arguments) {
        List<String> all = List.of(arguments);
        int spaced = all.indexOf("--output");
        return all.contains("--output=json")
                || (spaced >= 0
                        && spaced + 1 < all.size()
                        && all.get(spaced + 1).equals("json"));
    }

    private static @Nullable String snapshot(ApplicationArguments arguments, Mode mode) {
        if (mode != Mode.POST_BACKFILL) {
            return refused(arguments, mode, "snapshot");
        }
        String name = required(arguments, mode, "snapshot");
        if (!name.matches("[0-9A-F]+-[0-9A-F]+-[0-9]+")) {
            throw invalid("--snapshot is the name of an exported snapshot such as 00000003-0000001B-1");
        }
        return name;
    }

    private static @Nullable LogSequenceNumber lsn(ApplicationArguments arguments, Mode mode) {
        return switch (mode) {
            case HOURLY -> {
                refused(arguments, mode, "snapshot-lsn");
                refused(arguments, mode, "final-lsn");
                yield null;
            }
            case POST_BACKFILL -> {
                refused(arguments, mode, "final-lsn");
                yield lsn("snapshot-lsn", required(arguments, mode, "snapshot-lsn"));
            }
            case CUTOVER -> {
                refused(arguments, mode, "snapshot-lsn");
                yield lsn("final-lsn", required(arguments, mode, "final-lsn"));
            }
        };
    }

    /** As PostgreSQL spells it, or in the decimal digits of our JSON. */
    private static LogSequenceNumber lsn(String name, String text) {
        try {
            return text.matches("[0-9]+") ? LogSequenceNumber.valueOf(Long.parseUnsignedLong(text)) : Lsn.parse(text);
        } catch (IllegalArgumentException notOne) {
            throw invalid("--%s is a log sequence number such as 0/16B3748 or 23803720".formatted(name));
        }
    }

    private static String required(ApplicationArguments arguments, Mode mode, String name) {
        if (!arguments.containsOption(name)) {
            throw invalid("--mode=%s needs --%s".formatted(mode.label(), name));
        }
        return value(arguments, name, "");
    }

    private static @Nullable String refused(ApplicationArguments arguments, Mode mode, String name) {
        if (arguments.containsOption(name)) {
            throw invalid("--mode=%s takes no --%s".formatted(mode.label(), name));
        }
        return null;
    }

    private static List<TickHours> noHours(ApplicationArguments arguments, Mode mode) {
        refused(arguments, mode, "simulated-clock");
        refused(arguments, mode, "simulated-hours");
        return List.of(new TickHours(null));
    }

    private static List<TickHours> hours(ApplicationArguments arguments) {
        String first = value(arguments, "simulated-clock", "");
        int count = count(value(arguments, "simulated-hours", "1"));
        if (first.isEmpty()) {
            if (arguments.containsOption("simulated-hours")) {
                throw invalid("--simulated-hours needs --simulated-clock");
            }
            return List.of(new TickHours(null));
        }
        Instant hour = hour(first);
        return IntStream.range(0, count)
                .mapToObj(each -> new TickHours(hour.plus(each, ChronoUnit.HOURS)))
                .toList();
    }

    private static int count(String text) {
        if (text.matches("[0-9]{1,3}")) {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST_HOURS) {
                return count;
            }
        }
        throw invalid("--simulated-hours is 1 to " + MOST_HOURS);
    }

    private static Instant hour(String text) {
        try {
            Instant hour = Instant.parse(text);
            if (hour.equals(hour.truncatedTo(ChronoUnit.HOURS))) {
                return hour;
            }
        } catch (DateTimeParseException notAnInstant) {
            // The same refusal as for one that is not a full hour.
        }
        throw invalid("--simulated-clock is a full UTC hour, as 2026-11-01T12:00:00Z");
    }

    private static String oneOf(ApplicationArguments arguments, String name, String first, String second) {
        String value = value(arguments, name, first);
        if (!value.equals(first) && !value.equals(second)) {
            throw invalid("--%s is %s or %s".formatted(name, first, second));
        }
        return value;
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
