package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.Comparison;
import io.shadowwrite.cli.cutover.CutoverSettings;
import io.shadowwrite.protocol.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What plan and execute are told alike. */
final class CutoverOptions {

    private static final Duration LONGEST_PERMIT = Duration.ofMinutes(30);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_QUIET = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    @Option(
            names = "--contract",
            description = "The contract (default: ${DEFAULT-VALUE}).",
            defaultValue = "contract.json")
    Path contract = Path.of("contract.json");

    @Option(names = "--approved-by", paramLabel = "NAME", description = "Who agreed; repeat it.")
    List<String> approvals = List.of();

    @Option(
            names = "--quiet",
            paramLabel = "TIME",
            description = "How long nobody may have written before the final LSN is taken (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "10s")
    Duration quiet = Duration.ofSeconds(10);

    @Option(
            names = "--writers-timeout",
            paramLabel = "TIME",
            description = "How long transactions that write may take to end (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "60s")
    Duration writersEnd = Duration.ofSeconds(60);

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            description = "How long the readers may take to reach the final LSN (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "10m")
    Duration drained = Duration.ofMinutes(10);

    @Option(
            names = "--verify-timeout",
            paramLabel = "TIME",
            description = "How long the comparison may take (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "2h")
    Duration compared = Duration.ofHours(2);

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            description = "When this program dies, the consumer goes on after that (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "30s")
    Duration lease = Duration.ofSeconds(30);

    @Option(
            names = "--permit",
            paramLabel = "TIME",
            description = "How long the permit holds, up to 30m (default: ${DEFAULT-VALUE}).",
            converter = DurationConverter.class,
            defaultValue = "30m")
    Duration permit = LONGEST_PERMIT;

    @Option(
            names = "--verify-command",
            paramLabel = "COMMAND",
            description =
                    "Starts the verifier; split at white space (default: $SHADOW_VERIFY_COMMAND, or ./shadow verify run).",
            defaultValue = "${env:SHADOW_VERIFY_COMMAND:-./shadow verify run}")
    String verify = "./shadow verify run";

    @Parameters(
            paramLabel = "VERIFIER_OPTION",
            arity = "0..*",
            description = "After --, handed on to the verifier, as --shadow.verifier.readers=8.")
    List<String> more = List.of();

    CutoverSettings settings(String who, String why) {
        if (permit.compareTo(Duration.ofSeconds(1)) < 0 || permit.compareTo(LONGEST_PERMIT) > 0) {
            throw CommandFailed.usage("--permit is 1s to 30m");
        }
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw CommandFailed.usage("--lease is 5s to 10m");
        }
        if (quiet.compareTo(SHORTEST_QUIET) < 0) {
            throw CommandFailed.usage("--quiet is 1s or longer: nobody is seen to write in no time");
        }
        for (Duration each : List.of(quiet, writersEnd, drained, compared)) {
            if (each.isNegative() || each.compareTo(LONGEST) > 0) {
                throw CommandFailed.usage(
                        "--quiet, --writers-timeout, --drain-timeout and --verify-timeout are up to 24h");
            }
        }
        return new CutoverSettings(who, why, approvals, quiet, writersEnd, drained, compared, lease, permit);
    }

    Comparison comparison(Window window, ApiOptions api, SourceOptions source) {
        List<String> command = new ArrayList<>(List.of(verify.strip().split("\\s+")));
        command.add("--shadow.contract.location=" + contract.toAbsolutePath());
        command.add("--shadow.migration-id=" + window.migrationId());
        command.add("--shadow.api.url=" + api.url);
        command.add("--shadow.source.url=" + source.url);
        command.add("--shadow.source.user=" + source.user);
        command.addAll(more);
        return new Comparison(command, compared);
    }
}
