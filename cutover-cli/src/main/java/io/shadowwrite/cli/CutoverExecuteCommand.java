package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.Cutover;
import io.shadowwrite.cli.cutover.CutoverPlan;
import io.shadowwrite.cli.cutover.PausedWriters;
import io.shadowwrite.cli.cutover.StepLines;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the plan, wants the name of the source database typed, and attempts the cutover. */
@Command(
        name = "execute",
        description = {
            "Proves that writers are paused, compares both databases through the API, and gets a permit to repoint them.",
            "Pause every writer of the source before, unless --fence does it. Each step is a line 'step NAME ...' on",
            "standard error. It ends with a permit or undone. Killed with -9 it leaves a hold that runs out within --lease, and",
            "a fence that is not operator engaged, which status names and abort releases."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 with a permit, 11 when something stands against it, 13 when the name typed is another."
        })
final class CutoverExecuteCommand implements Callable<Integer> {

    /** Longer than undoing an attempt takes when everybody answers. */
    private static final Duration UNDONE_WITHIN = Duration.ofMinutes(5);

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
    TargetOptions target = new TargetOptions();

    @Mixin
    FenceOptions fence = new FenceOptions();

    @Mixin
    CutoverOptions options = new CutoverOptions();

    @Mixin
    TypedName name = new TypedName();

    @Override
    public Integer call() throws SQLException, InterruptedException {
        ShadowApi connected = api.connectAsOperatorBriefly();
        Window window = CutoverDesk.window(connected);
        CutoverDesk desk = new CutoverDesk(
                connected,
                source,
                new ContractReader().read(options.contract),
                target,
                fence.fence(source),
                options.settings(decision.who, decision.reason),
                window);
        try (Connection control = control()) {
            PausedWriters writers = new PausedWriters(control);
            CutoverPlan plan = desk.plan();
            desk.print(console.err(), plan);
            StepLines lines = new StepLines(console.err());
            Cutover cutover = new Cutover(
                    connected,
                    writers,
                    desk.fence(),
                    options.comparison(window, api, source),
                    desk::behind,
                    desk.settings(),
                    lines);
            if (!plan.objections().isEmpty()) {
                // Before anybody is asked: by the time of the answer somebody else may have a permit.
                return tell(refused(cutover, plan), window, connected).code();
            }
            name.require("the source's database", writers.database());
            return tell(undoneWhenEnded(cutover), window, connected).code();
        }
    }

    private Connection control() throws SQLException {
        Connection control = source.connection().openBounded("shadow-cutover", ANSWER_BOUND);
        try (Statement statement = control.createStatement()) {
            // A fence may have made new sessions read-only, and a mark waits for no standby.
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("SET synchronous_commit = local");
            return control;
        } catch (SQLException e) {
            control.abort(Runnable::run);
            throw e;
        }
    }

    /** A gate that is held is somebody else's; what he decides must stay the latest decision. */
    private static Cutover.Outcome refused(Cutover cutover, CutoverPlan plan) throws InterruptedException {
        for (CutoverPlan.Objection objection : plan.objections()) {
            if (objection.code().equals("HOLD_TAKEN")) {
                return new Cutover.Outcome.Refused(objection.code(), objection.detail(), List.of());
            }
        }
        return cutover.refused(plan.objections());
    }

    /** Who ends this program with a signal waits until everything is as before. */
    private static Cutover.Outcome undoneWhenEnded(Cutover cutover) throws InterruptedException {
        Ending ending = new Ending(Thread.currentThread(), UNDONE_WITHIN);
        Runtime.getRuntime().addShutdownHook(ending.hook());
        try {
            return cutover.run();
        } finally {
            ending.over();
        }
    }

    private ExitCode tell(Cutover.Outcome outcome, Window window, ShadowApi connected) {
        return switch (outcome) {
            case Cutover.Outcome.Permitted(AuditEntry entry) -> {
                tellPermitted(entry, window);
                yield ExitCode.DONE;
            }
            case Cutover.Outcome.Refused(String code, String detail, List<String> failures) ->
                tellBlocked("%s: %s".formatted(code, detail), failures, false, connected);
            case Cutover.Outcome.Blocked(String code, String detail, List<String> failures) ->
                tellBlocked("%s: %s".formatted(code, detail), failures, true, connected);
        };
    }

    private void tellPermitted(AuditEntry entry, Window window) {
        LogSequenceNumber finalLsn = entry.audit().finalLsn();
        String reason = "permitted until %s, for everything below %s%s"
                .formatted(
                        entry.permitExpiresAt(),
                        finalLsn == null ? "?" : finalLsn.asString(),
                        window.tickClock() == TickClock.SIMULATED ? ", on SIMULATED hours" : "");
        print(
                "PERMITTED",
                reason,
                entry,
                List.of(),
                List.of(
                        "repoint the writers to the target before %s; before each step: ./shadow cutover status"
                                .formatted(entry.permitExpiresAt()),
                        "as soon as the last one is: ./shadow cutover finish --reason R; until then the consumer is held",
                        "or, unless a writer has written to the target, give it back: " + abort()));
    }

    private ExitCode tellBlocked(String reason, List<String> failures, boolean begun, ShadowApi connected) {
        WithoutPermit without = new WithoutPermit(begun, failures.isEmpty(), abort(), WithoutPermit.ask(connected));
        print("BLOCKED", reason, null, failures, without.next());
        return ExitCode.GATE_BLOCKED;
    }

    private String abort() {
        return "./shadow cutover abort --reason R"
                + (fence.kind == FenceOptions.Kind.OPERATOR ? "" : " --fence=" + fence.kind);
    }

    private void print(String state, String reason, @Nullable Object data, List<String> failures, List<String> next) {
        output.tell(
                console,
                new Envelope(Envelope.VERSION, "cutover execute", state, reason, data, failures, next),
                out -> {
                    out.printf("%s: %s%n", state, reason);
                    failures.forEach(each -> out.println("NOT UNDONE " + each));
                    next.forEach(step -> out.println("next       " + step));
                });
    }
}
