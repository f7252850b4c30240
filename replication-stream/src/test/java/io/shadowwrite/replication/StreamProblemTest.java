package io.shadowwrite.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StreamProblemTest {

    @Test
    void fullServerIsWorthARetryAndNamesItsLimits() {
        StreamProblem problem = StreamProblem.of("connecting", new SQLException("too many", "53300"));

        assertThat(problem.code()).isEqualTo(Code.CONNECTION_REFUSED);
        assertThat(problem.retryable()).isTrue();
        assertThat(problem.fix()).contains("max_connections").contains("max_wal_senders");
    }

    @Test
    void databaseThatIsNotThereIsNamedAndNotTriedAgain() {
        StreamProblem problem = StreamProblem.of("connecting", new SQLException("no such database", "3D000"));

        assertThat(problem.code()).isEqualTo(Code.DATABASE_MISSING);
        assertThat(problem.retryable()).isFalse();
        assertThat(problem.fix()).contains("URL");
    }
}
