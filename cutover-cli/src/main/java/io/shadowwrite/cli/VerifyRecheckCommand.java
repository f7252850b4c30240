package io.shadowwrite.cli;

import io.shadowwrite.cli.verify.BothSides;
import io.shadowwrite.cli.verify.Recheck;
import io.shadowwrite.cli.verify.StoredRuns;
import io.shadowwrite.cli.verify.Subject;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.ShadowApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads both sides and writes to neither. */
@Command(
        name = "recheck",
        description = "Compares the row of a finding again, now, while everything runs.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when both sides are equal now, 10 when they still differ, 12 when the row is written too often to tell."
        })
final class VerifyRecheckCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @ArgGroup(exclusive = false, multiplicity = "1")
    SourceOptions source = new SourceOptions();

    @Parameters(
            paramLabel = "FINDING",
            description = "RUN/NUMBER as ./shadow verify show tells it; NUMBER alone is of the latest run.")
    String finding = "";

    @Option(names = "--contract", required = true, description = "The contract of the open window.")
    Path contract = Path.of("contract.json");

    @Option(
            names = "--wait",
            description =
                    "Seconds that the consumer may take to arrive, and a query of the source (default: ${DEFAULT-VALUE}).",
            defaultValue = "60")
    int waitSeconds = 60;

    /**
     * What it was and what it is.
     *
     * @param was the finding, without values
     * @param state EQUAL, DIFFERS or BUSY
     * @param columns that differ now
     */
    private record Report(String run, Finding was, String state, List<String> columns) {}

    @Override
    public Integer call() {
        if (waitSeconds < 1) {
            throw CommandFailed.usage("--wait is at least 1");
        }
        Contract read = new ContractReader().read(contract);
        ShadowApi connected = api.connect();
        String frozen = connected.verifierState().window().contractHash();
        if (!frozen.equals(read.sha256())) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "%s is not the contract of the open window, which has SHA-256 %s".formatted(contract, frozen),
                    null);
        }
        UUID run = RunName.find(new StoredRuns(connected), runName()).runId();
        Finding found = connected.finding(run, number());
        Subject subject = Subject.of(found, read)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.REFUSED,
                        "a finding of class %s is about no single row with a key; the next run of the verifier looks at it again"
                                .formatted(found.findingClass()),
                        null));
        BothSides sides = new BothSides(source.connection(), connected, subject, Duration.ofSeconds(waitSeconds));
        return report(run, found, subject, new Recheck(sides).run()).code();
    }

    private @Nullable String runName() {
        int slash = finding.indexOf('/');
        return slash < 0 ? null : finding.substring(0, slash);
    }

    private int number() {
        String number = finding.substring(finding.indexOf('/') + 1);
        if (!number.matches("[0-9]{1,9}")) {
            throw CommandFailed.usage("a finding is RUN/NUMBER, or NUMBER for the latest run");
        }
        return Integer.parseInt(number);
    }

    private ExitCode report(UUID run, Finding was, Subject subject, Recheck.Answer answer) {
        return switch (answer) {
            case Recheck.Answer.Equal _ ->
                tell(run, was, "EQUAL", "both sides are equal now", List.of(), ExitCode.DONE);
            case Recheck.Answer.Differs(Recheck.Both both) ->
                tell(run, was, "DIFFERS", subject.difference(both), subject.columns(both), ExitCode.DIRTY);
            case Recheck.Answer.Busy _ ->
                tell(
                        run,
                        was,
                        "BUSY",
                        "the row was written whenever it was looked at; try again",
                        List.of(),
                        ExitCode.INCONCLUSIVE);
        };
    }

    private ExitCode tell(UUID run, Finding was, String state, String reason, List<String> columns, ExitCode code) {
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "verify recheck",
                        state,
                        reason,
                        new Report(run.toString(), was.withoutImages(), state, columns),
                        List.of(),
                        List.of()),
                out -> {
                    out.printf("was        %s  %s  %s%n", was.findingClass(), was.model(), was.targetKey());
                    out.printf("now        %s: %s%n", state, reason);
                });
        return code;
    }
}
