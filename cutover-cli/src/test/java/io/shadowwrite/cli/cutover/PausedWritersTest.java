package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class PausedWritersTest {

    private final Database source;

    PausedWritersTest(@Source Database source) {
        this.source = source;
        source.execute("CREATE TABLE item (id int PRIMARY KEY, label text); INSERT INTO item VALUES (1, 'a')");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO item VALUES (2, 'b')",
                "UPDATE item SET label = 'c'",
                "UPDATE item SET label = 'c' WHERE false",
                "DELETE FROM item",
                "TRUNCATE item",
                "COPY item FROM PROGRAM 'true'",
                "ALTER TABLE item ADD COLUMN more int",
                "SAVEPOINT inside; UPDATE item SET label = 'c'; RELEASE inside"
            })
    void seesWhoWritesUntilHeEnds(String change) throws SQLException {
        try (Connection control = source.connect();
                Connection writer = source.connect();
                Statement statement = writer.createStatement()) {
            PausedWriters writers = new PausedWriters(control);
            assertThat(writers.writing()).isNull();
            writer.setAutoCommit(false);
            statement.execute(change);

            assertThat(writers.writing())
                    .startsWith("1 transaction(s) of the source are writing")
                    .contains("item");

            writer.rollback();
            assertThat(writers.writing()).isNull();
        }
    }

    @Test
    void seesAPreparedTransactionThatNoProcessHoldsUntilItIsDecided() throws SQLException {
        try (PostgresServer server = PostgresServer.start(
                PostgresServer.Role.SOURCE,
                PostgresServer.Settings.defaults().with("max_prepared_transactions", "2"))) {
            Database database = server.createDatabase("prepared");
            database.execute("CREATE TABLE item (id int PRIMARY KEY)");
            database.runScript("BEGIN; INSERT INTO item VALUES (1); PREPARE TRANSACTION 'left'");
            try (Connection control = database.connect()) {
                PausedWriters writers = new PausedWriters(control);

                assertThat(writers.writing()).contains("1 transaction(s)", "a prepared transaction on item");

                database.execute("COMMIT PREPARED 'left'");
                assertThat(writers.writing()).isNull();
            }
        }
    }

    @Test
    void doesNotMindReadersAndItself() throws SQLException {
        try (Connection control = source.connect();
                Connection reader = source.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM item");
            PausedWriters writers = new PausedWriters(control);

            writers.mark("a test");

            assertThat(writers.writing()).isNull();
            reader.rollback();
        }
    }

    @Test
    void answersAMarkThatWhateverCommitsLaterLiesBeyond() throws SQLException {
        try (Connection control = source.connect()) {
            PausedWriters writers = new PausedWriters(control);
            assertThat(writers.mark("one")).isLessThan(writers.mark("two"));
            assertThat(writers.database()).isEqualTo(source.queryForString("SELECT current_database()"));
        }
    }
}
