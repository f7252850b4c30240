package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.replication.StreamProblem;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ExplainCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int explain(String name) {
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute("explain", name);
    }

    @ParameterizedTest
    @EnumSource
    void explainsEveryProblemOfTheApi(ProblemType problem) {
        assertThat(explain(problem.name())).isZero();
        assertThat(out.toString().lines().count()).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void explainsEveryProblemOfTheSource(StreamProblem.Code code) {
        assertThat(explain(code.name())).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void explainsEveryVerdict(FindingClass verdict) {
        assertThat(explain(verdict.name())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conservation-lag", "ConservationLag", "CONSERVATION_LAG"})
    void takesEverySpelling(String name) {
        assertThat(explain(name)).isZero();
        assertThat(out.toString()).startsWith("### conservation-lag").doesNotContain("### ledger-grows");
    }

    @Test
    void showsAWholeChapter() {
        assertThat(explain("cutover")).isZero();
        assertThat(out.toString()).startsWith("## Cutover").doesNotContain("## Problems of");
    }

    @Test
    void namesWhatItMayHaveMeant() {
        assertThat(explain("dead-letter")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString())
                .contains("dead-letter-blocked", "dead-letter-halts")
                .doesNotContain("slot_lost");
    }
}
