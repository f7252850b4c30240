package io.shadowwrite.cli;

import io.shadowwrite.cli.decommission.Inventory;
import io.shadowwrite.cli.decommission.Look;
import io.shadowwrite.cli.decommission.Removal;
import io.shadowwrite.cli.decommission.RemovalRefused;
import io.shadowwrite.cli.decommission.Step;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Every step is durable when it is told, and skipped when it was taken before: whoever is killed runs it again. */
@Command(
        name = "execute",
        description = {
            "Drops the slots in the source and schema shadow in the target. Prints the plan first. There is no way back:",
            "without its slots a window cannot go on."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when all of it is gone, 11 when the window is not over, 13 when it was not confirmed, or when",
            "programs of ours are connected or something outside depends on what is ours."
        })
final class DecommissionExecuteCommand implements Callable<Integer> {

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(60);

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    TargetOptions target = new TargetOptions();

    @Mixin
    DecommissionOptions options = new DecommissionOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Mixin
    TypedName name = new TypedName();

    @Option(names = "--abandon", description = "Give up a window that was not cut over.")
    boolean abandon;

    private final List<Step> steps = new ArrayList<>();

    /** What was done, by whom and why. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Done(String who, String reason, Inventory plan, List<Step> steps) {}

    @Override
    public Integer call() throws SQLException {
        try (Connection here = target.openToChange(Look.APPLICATION)) {
            Inventory inventory = options.look(here);
            DecommissionTable.print(output.json() ? console.err() : console.out(), inventory);
            refuse(inventory);
            SourceConnection source = options.sourceConnection();
            try (Connection there = source == null ? null : source.openBounded(Look.APPLICATION, ANSWER_BOUND)) {
                confirm(there, here);
                remove(inventory, there, here);
            }
            report(inventory);
            return ExitCode.DONE.code();
        }
    }

    private void refuse(Inventory inventory) {
        List<String> inTheWay = inventory.inTheWay();
        if (!inTheWay.isEmpty()) {
            throw new CommandFailed(ExitCode.REFUSED, "nothing was done: " + String.join("; ", inTheWay), null);
        }
        String unfinished = inventory.unfinished();
        if (unfinished != null && !abandon) {
            throw new CommandFailed(ExitCode.GATE_BLOCKED, "nothing was done: " + unfinished, null);
        }
    }

    private void confirm(@Nullable Connection source, Connection here) throws SQLException {
        if (source == null) {
            name.require("the target's database", here.getCatalog());
        } else {
            name.require("the source's database", source.getCatalog());
        }
    }

    private void remove(Inventory inventory, @Nullable Connection source, Connection here) {
        try {
            new Removal(Clock.systemUTC(), this::done).run(inventory, source, here);
        } catch (RemovalRefused refused) {
            throw new CommandFailed(ExitCode.REFUSED, String.valueOf(refused.getMessage()), refused);
        }
    }

    private void done(Step step) {
        steps.add(step);
        (output.json() ? console.err() : console.out())
                .println("%s %s: %s".formatted(step.at(), step.side(), step.what()));
    }

    private void report(Inventory inventory) {
        String summary = steps.isEmpty()
                ? "there was nothing to remove"
                : "%d thing(s) removed by %s: %s".formatted(steps.size(), decision.who, decision.reason);
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "decommission execute",
                        "DONE",
                        summary,
                        new Done(decision.who, decision.reason, inventory, steps),
                        List.of(),
                        List.of("./shadow decommission check")),
                out -> out.println(summary + "; now: ./shadow decommission check"));
    }
}
