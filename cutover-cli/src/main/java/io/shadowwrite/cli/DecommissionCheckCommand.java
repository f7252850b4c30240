package io.shadowwrite.cli;

import io.shadowwrite.cli.decommission.Inventory;
import io.shadowwrite.cli.decommission.Look;
import io.shadowwrite.cli.decommission.Remnant;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads only. */
@Command(
        name = "check",
        description = {
            "Proves that nothing of ours is left: no slot, no session, no schema, and nothing in the target's own schemas",
            "(foreign keys, defaults, triggers, views, functions, policies, comments, grants, names) that refers to us."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing is left, 10 when something is."})
final class DecommissionCheckCommand implements Callable<Integer> {

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
            List<Remnant> residue = inventory.residue();
            print(inventory, residue);
            return (residue.isEmpty() ? ExitCode.DONE : ExitCode.DIRTY).code();
        }
    }

    private void print(Inventory inventory, List<Remnant> residue) {
        String summary = residue.isEmpty()
                ? "nothing is left%s".formatted(options.sourceGone ? " in the target; nobody looked at the source" : "")
                : "%d thing(s) are left".formatted(residue.size());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "decommission check",
                        residue.isEmpty() ? "CLEAN" : "RESIDUE",
                        summary,
                        inventory,
                        residue.stream().map(DecommissionCheckCommand::line).toList(),
                        residue.isEmpty() ? List.of() : List.of("./shadow decommission plan")),
                out -> {
                    DecommissionTable.remnants(out, inventory.remnants());
                    out.println(summary);
                });
    }

    private static String line(Remnant remnant) {
        return "%s %s: %s".formatted(remnant.side(), remnant.name(), remnant.detail());
    }
}
