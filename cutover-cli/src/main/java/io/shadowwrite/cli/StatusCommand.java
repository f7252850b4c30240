package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Status;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the migration stands; reading is free of side effects. */
@Command(
        name = "status",
        description = "Shows where the migration stands and what to do next.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Option(names = "--watch", description = "Show again every two seconds until interrupted.")
    boolean watch;

    @Option(names = "--fail-if-not-ready", description = "Exit with 11 while cutover could not be permitted.")
    boolean failIfNotReady;

    @Mixin
    OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        ShadowApi connected = api.connect();
        Status status = connected.status();
        tell(status);
        while (watch) {
            TimeUnit.SECONDS.sleep(2);
            status = connected.status();
            tell(status);
        }
        return (failIfNotReady && !status.ready() ? ExitCode.GATE_BLOCKED : ExitCode.DONE).code();
    }

    private void tell(Status status) {
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "status",
                        status.phase(),
                        status.reason(),
                        status,
                        List.of(),
                        status.nextSteps()),
                out -> StatusTable.print(out, status));
    }
}
