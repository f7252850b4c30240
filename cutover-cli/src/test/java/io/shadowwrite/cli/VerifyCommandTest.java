package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VerifyCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    @Test
    void tellsHowAVerificationIsStarted() {
        assertThat(run("verify", "run")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("./shadow verify run --mode=hourly");
    }

    @Test
    void tellsItWithTheOptionsThatWereMeant() {
        assertThat(run("verify", "run", "--mode=cutover", "--final-lsn=0/16B3748"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString())
                .contains("./shadow verify run --mode=cutover --final-lsn=0/16B3748 --shadow.contract");
    }

    @Test
    void namesTheVariableWhenTheTokenIsMissing() {
        assertThat(run("verify", "show", "--api-url", "http://127.0.0.1:1")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("RDS_CDC_SHADOW_TOKEN");
    }

    @Test
    void refusesAClassThatDoesNotExist() {
        assertThat(run("verify", "show", "--class", "odd")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("--class");
    }

    @Test
    void refusesToRecheckWithoutAContract() {
        assertThat(run("verify", "recheck", "1", "--source-url=jdbc:postgresql://127.0.0.1:1/a", "--source-user=a"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("--contract");
    }
}
