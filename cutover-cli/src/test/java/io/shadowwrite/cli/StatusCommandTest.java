package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StatusCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void namesTheVariableWhenTheTokenIsMissing() {
        int code = run("status", "--api-url", "http://127.0.0.1:1");

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("RDS_CDC_SHADOW_TOKEN");
    }

    @Test
    void refusesAnUnknownOption() {
        assertThat(run("status", "--no-such")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("--no-such");
    }

    private int run(String... arguments) {
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
