package io.shadowwrite.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamProblemTest {

    @Test
    void fullServerIsWorthARetryAndNamesItsLimits() {
        StreamProblem problem = StreamProblem.of("connecting", new SQLException("too many", "53300"));

        assertThat(problem.code()).isEqualTo(Code.CONNECTION_REFUSED);
        assertThat(problem.retryable()).isTrue();
        assertThat(problem.fix()).contains("max_connections").contains("max_wal_senders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"53200", "53100", "53400", "58030", "58P01", "40001", "40P01", "55P03", "57014", "XX000"})
    void aQuestionThatTheSourceCannotAnswerForTheMomentIsWorthARetry(String state) {
        assertThat(StreamProblem.ofQuestion("asking", new SQLException("no", state))
                        .retryable())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"53200", "53100", "58030", "40001"})
    void soIsAStreamThatMeetsIt(String state) {
        assertThat(StreamProblem.of("streaming", new SQLException("no", state)).code())
                .isEqualTo(Code.SOURCE_BUSY);
    }

    @ParameterizedTest
    @CsvSource({
        "42704, SCHEMA_DRIFT",
        "42P01, SCHEMA_DRIFT",
        "42703, SCHEMA_DRIFT",
        "42501, PRIVILEGE",
        "55000, SOURCE_ERROR",
        "22P02, SOURCE_ERROR"
    })
    void aQuestionNeverSpeaksOfASlot(String state, Code code) {
        StreamProblem problem = StreamProblem.ofQuestion("asking", new SQLException("no", state));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.fix()).doesNotContainIgnoringCase("slot");
    }

    @Test
    void databaseThatIsNotThereIsNamedAndNotTriedAgain() {
        StreamProblem problem = StreamProblem.of("connecting", new SQLException("no such database", "3D000"));

        assertThat(problem.code()).isEqualTo(Code.DATABASE_MISSING);
        assertThat(problem.retryable()).isFalse();
        assertThat(problem.fix()).contains("URL");
    }
}
