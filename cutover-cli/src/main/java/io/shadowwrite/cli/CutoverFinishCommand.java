package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.Finish;
import io.shadowwrite.cli.cutover.PausedWriters;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Wants the name of the source database typed, and ends the phase of cutting over for good. */
@Command(
        name = "finish",
        description = {
            "Says that every writer is repointed. From then on nothing of the old source is ever applied, whatever writes",
            "to it; until then the consumer is held by the permit. There is no way back: not with abort, not with resume."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when it is finished, also if it was already; 13 when there is no permit to finish, when the name",
            "typed is another, or when the permit is void for a reason that --accept has to name."
        })
final class CutoverFinishCommand implements Callable<Integer> {

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    TypedName name = new TypedName();

    @Option(
            names = "--accept",
            paramLabel = "CODE",
            description =
                    "Finish although the permit is void for this reason: WRITER_CAME_BACK, WRITTEN_BESIDE or READER_SILENT. Once for each.")
    List<String> accepted = List.of();

    @Override
    public Integer call() throws SQLException, InterruptedException {
        ShadowApi connected = api.connectAsOperatorBriefly();
        Status before = connected.status();
        if (before.phase().equals("FINISHED")) {
            tell("it was finished already", null, before);
            return ExitCode.DONE.code();
        }
        LogSequenceNumber finalLsn = held(before);
        console.err()
                .println(
                        "From now on nothing that is written to the source is applied to the target, for good; before that every writer has to be repointed.");
        console.err().flush();
        try (Connection control = source.connection().openBounded("shadow-cutover", ANSWER_BOUND)) {
            name.require("the source's database", new PausedWriters(control).database());
        }
        AuditEntry entry = new Finish(connected, decision.who, decision.reason, accepted).at(finalLsn);
        tell("finished as " + entry.audit().auditId(), entry, connected.status());
        return ExitCode.DONE.code();
    }

    private static LogSequenceNumber held(Status status) {
        Hold hold = status.hold();
        LogSequenceNumber at = hold == null || !hold.ofPermit() ? null : hold.haltAt();
        if (at != null) {
            return at;
        }
        GateState gate = status.gate();
        throw new CommandFailed(
                ExitCode.REFUSED,
                "nothing was done, no permit holds the consumer: %s"
                        .formatted(gate == null ? status.reason() : gate.withoutPermit()),
                null);
    }

    private void tell(String reason, @Nullable AuditEntry entry, Status after) {
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION, "cutover finish", "FINISHED", reason, entry, List.of(), after.nextSteps()),
                out -> {
                    out.printf("FINISHED: %s%n", reason);
                    after.nextSteps().forEach(step -> out.println("next       " + step));
                });
    }
}
