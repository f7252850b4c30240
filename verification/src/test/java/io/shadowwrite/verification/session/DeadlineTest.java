package io.shadowwrite.verification.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(60)
class DeadlineTest {

    private static final String SLEEPS = "select pg_sleep(600)";

    private final Database source;

    DeadlineTest(@Source Database source) {
        this.source = source;
    }

    @Test
    void answersWhatIsDoneInTime() {
        assertThat(Deadline.in(Duration.ofMinutes(1)).keep("it", _ -> {}, () -> "done"))
                .isEqualTo("done");
    }

    @Test
    void passesOnWhatTheWorkSays() {
        VerificationProblem problem = new VerificationProblem(Code.MOVED, "it moved", "Begin again", null);

        assertThatThrownBy(() -> Deadline.in(Duration.ofMinutes(1)).keep("it", _ -> {}, () -> {
                    throw problem;
                }))
                .isSameAs(problem);
    }

    @Test
    void leavesNoQueryOnTheServer() throws SQLException {
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        try (Sessions sessions = new Sessions(List.of(connection), Duration.ofSeconds(10))) {
            assertThatThrownBy(() -> Deadline.in(Duration.ofMillis(500))
                            .keep("a sleep", sessions::breakOff, () -> sessions.read("nothing", DeadlineTest::sleep)))
                    .isInstanceOfSatisfying(VerificationProblem.class, problem -> {
                        assertThat(problem.code()).isEqualTo(Code.TOO_SLOW);
                        assertThat(problem).hasMessageContaining("a sleep did not end");
                    });

            Await.until(
                    "the server sleeps no more",
                    Duration.ofSeconds(20),
                    () -> source.queryForLong(
                                    "select count(*) from pg_stat_activity where state = 'active' and query = '"
                                            + SLEEPS + "'")
                            == 0);
            assertThatThrownBy(() -> sessions.read("more", _ -> "more")).hasMessageContaining("a sleep did not end");
        }
    }

    private static boolean sleep(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(SLEEPS);
        }
    }

    @Test
    void isTheEarlierOfTwo() {
        assertThat(Deadline.in(Duration.ofMinutes(1)).orIn(Duration.ZERO).isOver())
                .isTrue();
        assertThat(Deadline.in(Duration.ZERO).orIn(Duration.ofMinutes(1)).isOver())
                .isTrue();
        assertThat(Deadline.in(Duration.ofMinutes(1))
                        .orIn(Duration.ofMinutes(2))
                        .isOver())
                .isFalse();
    }
}
