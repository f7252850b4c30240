package io.shadowwrite.verification.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class PinnedSessionTest {

    private final Database database;

    PinnedSessionTest(@Source Database database) {
        this.database = database;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set timezone = 'Europe/Berlin'",
                "set intervalstyle = 'iso_8601'",
                "set extra_float_digits = -5",
                "set bytea_output = 'escape'",
                "set search_path = public",
                "set row_security = on"
            })
    void refusesASessionThatSpellsValuesItsOwnWay(String setting) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            PinnedSession.pin(connection, Duration.ofSeconds(5));
            statement.execute(setting);

            assertThatExceptionOfType(VerificationProblem.class)
                    .isThrownBy(() -> PinnedSession.check(connection))
                    .satisfies(
                            problem -> assertThat(problem.code()).isEqualTo(VerificationProblem.Code.SESSION_SETTING));
        }
    }

    @Test
    void endsOnTheServerWhenTheVerifierIsGone() throws SQLException, InterruptedException {
        try (Connection connection = database.connect();
                Sessions sessions = new Sessions(List.of(connection), Duration.ofSeconds(5))) {
            PinnedSession.pin(connection, Duration.ofMinutes(10));
            Thread reading = Thread.ofVirtual().start(() -> sleep(sessions));
            Await.until("the read", Duration.ofSeconds(20), () -> sleeping() == 1);

            reading.interrupt();

            Await.until("the end of its session", Duration.ofSeconds(60), () -> sleeping() == 0);
            assertThat(reading.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    private static void sleep(Sessions sessions) {
        try {
            sessions.read("nothing", connection -> connection.createStatement().execute("select pg_sleep(600)"));
        } catch (VerificationProblem e) {
            assertThat(e.code()).isEqualTo(VerificationProblem.Code.READ_FAILED);
        }
    }

    private long sleeping() {
        return database.queryForLong("select count(*) from pg_stat_activity where query like 'select pg_sleep%'");
    }
}
