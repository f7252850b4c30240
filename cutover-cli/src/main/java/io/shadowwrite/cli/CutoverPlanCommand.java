package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.CutoverPlan;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowApi;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what execute would do and what stands against it; changes nothing. */
@Command(
        name = "plan",
        description = "Shows every step of a cutover and every known reason why it would not succeed now.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing is known to stand against it, 11 otherwise."})
final class CutoverPlanCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    TargetOptions target = new TargetOptions();

    @Mixin
    FenceOptions fence = new FenceOptions();

    @Mixin
    CutoverOptions options = new CutoverOptions();

    @Override
    public Integer call() throws SQLException, InterruptedException {
        ShadowApi connected = api.connect();
        CutoverDesk desk = new CutoverDesk(
                connected,
                source,
                new ContractReader().read(options.contract),
                target,
                fence.fence(source),
                options.settings("", ""),
                CutoverDesk.window(connected));
        CutoverPlan plan = desk.plan();
        boolean open = plan.objections().isEmpty();
        output.tell(console, envelope(plan), out -> {
            desk.print(out, plan);
            out.println(summary(plan));
        });
        return (open ? ExitCode.DONE : ExitCode.GATE_BLOCKED).code();
    }

    private static String summary(CutoverPlan plan) {
        return plan.objections().isEmpty()
                ? "nothing is known to stand against it"
                : "%d reason(s) stand against it".formatted(plan.objections().size());
    }

    private static Envelope envelope(CutoverPlan plan) {
        boolean open = plan.objections().isEmpty();
        return new Envelope(
                Envelope.VERSION,
                "cutover plan",
                open ? "OPEN" : "BLOCKED",
                summary(plan),
                plan,
                plan.objections().stream()
                        .map(each -> each.code() + ": " + each.detail())
                        .toList(),
                open ? List.of("pause the writers, then ./shadow cutover execute") : List.of());
    }
}
