package io.shadowwrite.cli;

import io.shadowwrite.cli.decommission.Inventory;
import io.shadowwrite.cli.decommission.Look;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads only. */
@Command(
        name = "plan",
        description = "Lists all that is ours in both databases, what becomes of each, and what is in the way.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when 'execute' would go through, 11 when something is in the way."})
final class DecommissionPlanCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    TargetOptions target = new TargetOptions();

    @Mixin
    DecommissionOptions options = new DecommissionOptions();

    @Override
    public Integer call() throws SQLException {
        try (Connection connection = target.openToChange(Look.APPLICATION)) {
            connection.setReadOnly(true);
            Inventory inventory = options.look(connection);
            List<String> problems = new ArrayList<>(inventory.inTheWay());
            String unfinished = inventory.unfinished();
            if (unfinished != null) {
                problems.add(unfinished);
            }
            print(inventory, problems);
            return (problems.isEmpty() ? ExitCode.DONE : ExitCode.GATE_BLOCKED).code();
        }
    }

    private void print(Inventory inventory, List<String> problems) {
        String summary = problems.isEmpty()
                ? "nothing is in the way; 'decommission execute' removes what goes"
                : "%d thing(s) in the way".formatted(problems.size());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "decommission plan",
                        problems.isEmpty() ? "READY" : "BLOCKED",
                        summary,
                        inventory,
                        problems,
                        List.of("./shadow decommission execute", "./shadow decommission check")),
                out -> {
                    DecommissionTable.print(out, inventory);
                    problems.forEach(problem -> out.println("in the way: " + problem));
                    out.println(summary);
                });
    }
}
