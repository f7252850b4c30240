package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether writers may be repointed now; asked before every step of doing so. */
@Command(
        name = "status",
        description = "Tells whether there is a permit now, and if not, why.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 while there is a permit, 11 otherwise, also when the cutover is finished."})
final class CutoverStatusCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    /**
     * What of the status is about the gate.
     *
     * @param holder who holds the consumer; null when nobody does
     */
    record Report(
            String phase,
            @Nullable Permit permit,
            @Nullable GateState gate,
            @Nullable String holder) {}

    @Override
    public Integer call() {
        Status status = api.connect().status();
        Permit permit = status.permit();
        GateState gate = status.gate();
        String reason = permit == null
                ? gate == null || gate.withoutPermit() == null ? status.reason() : gate.withoutPermit()
                : "until %s, for everything below %s%s"
                        .formatted(
                                permit.expiresAt(),
                                permit.finalLsn().asString(),
                                permit.tickClock() == TickClock.SIMULATED ? ", on SIMULATED hours" : "");
        Report report = new Report(
                status.phase(),
                permit,
                gate,
                status.hold() == null ? null : status.hold().holder());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "cutover status",
                        state(status),
                        reason,
                        report,
                        List.of(),
                        status.nextSteps()),
                out -> print(out, report, reason, status.nextSteps()));
        return (permit == null ? ExitCode.GATE_BLOCKED : ExitCode.DONE).code();
    }

    private static String state(Status status) {
        return switch (status.phase()) {
            case "PERMITTED", "UNDECIDED", "FINISHED" -> status.phase();
            default -> "NO_PERMIT";
        };
    }

    private static void print(PrintWriter out, Report report, String reason, List<String> next) {
        out.printf("phase      %s%n", report.phase());
        out.printf("permit     %s: %s%n", report.permit() == null ? "none" : "valid", reason);
        GateState gate = report.gate();
        if (gate != null && gate.auditId() != null) {
            out.printf("decision   %s at %s, %s%n", gate.decision(), gate.decidedAt(), gate.auditId());
        }
        if (gate != null && gate.fence() != null) {
            out.printf(
                    "fence      %s, engaged since %s by %s%n",
                    gate.fence().kind(), gate.fence().since(), gate.fence().holder());
        }
        if (report.holder() != null) {
            out.printf("held       %s%n", report.holder());
        }
        next.forEach(step -> out.println("next       " + step));
    }
}
