package io.shadowwrite.verification.session;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class SessionsTest {

    private final Database database;

    SessionsTest(@Source Database database) {
        this.database = database;
    }

    @Test
    void nameTheFirstFailureAndNotWhatCameOfIt() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        try (Sessions sessions = new Sessions(List.of(connection), Duration.ofSeconds(10))) {
            assertThatExceptionOfType(VerificationProblem.class)
                    .isThrownBy(() -> query(sessions, "no.table", "no.table"));

            assertThatExceptionOfType(VerificationProblem.class)
                    .isThrownBy(() -> query(sessions, "another", "pg_catalog.pg_class"))
                    .withMessageContaining("reading no.table failed with SQLSTATE 42P01");
        }
    }

    private static void query(Sessions sessions, String what, String table) {
        sessions.read(what, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("select from " + table);
            }
        });
    }
}
