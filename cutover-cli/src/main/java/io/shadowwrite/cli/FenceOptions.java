package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.CommandFence;
import io.shadowwrite.cli.cutover.Fence;
import io.shadowwrite.cli.cutover.OperatorFence;
import io.shadowwrite.cli.cutover.ReadOnlyFence;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How writers are paused. */
final class FenceOptions {

    /** What there is. */
    enum Kind {
        OPERATOR,
        READ_ONLY,
        COMMAND;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--fence",
            description = {
                "How writers are paused: operator (people did), read-only (the source database is set read-only for new",
                "sessions, and those that are open are ended), command (--fence-command does it). Default: operator."
            },
            converter = KindConverter.class,
            defaultValue = "operator")
    Kind kind = Kind.OPERATOR;

    @Option(
            names = "--fence-command",
            paramLabel = "COMMAND",
            description = "Called with engage, status or release as its last word; split at white space.")
    @Nullable String command;

    @Option(
            names = "--fence-timeout",
            description = "How long the command may take (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "60s")
    Duration bound = Duration.ofSeconds(60);

    /** The fence; the source is needed for some only. */
    Fence fence(@Nullable SourceOptions source) {
        if ((kind == Kind.COMMAND) != (command != null)) {
            throw CommandFailed.usage("--fence=command and --fence-command belong together");
        }
        return switch (kind) {
            case OPERATOR -> new OperatorFence();
            case READ_ONLY -> {
                if (source == null) {
                    throw CommandFailed.usage("--fence=read-only needs --source-url and --source-user");
                }
                yield new ReadOnlyFence(source.connection());
            }
            case COMMAND ->
                new CommandFence(List.of(String.valueOf(command).strip().split("\\s+")), bound);
        };
    }
}
