package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.system.House;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import io.shadowwrite.testsupport.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The witness tells what committed, all of it and nothing else, whatever happened to the server. */
@PostgresTest
@Timeout(300)
class WitnessTest {

    @Test
    void tellsWhatCommittedAndWhatSurvivedACrash() throws SQLException {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET)) {
            Database source = server.createDatabase("watched");
            source.runScript(House.contractFile().resolveSibling("source.sql"));
            try (Witness witness = Witness.call(server, source, new ContractReader().read(House.contractFile()))) {
                source.execute("INSERT INTO partners.tag (slug, label) VALUES ('a', 'x'), ('b', 'x')");
                source.execute(
                        "BEGIN; SAVEPOINT s; INSERT INTO partners.tag (slug, label) VALUES ('c', 'x'); ROLLBACK TO s;"
                                + " UPDATE partners.tag SET label = 'y' WHERE slug = 'a'; COMMIT");
                source.execute("BEGIN; DELETE FROM partners.tag; ROLLBACK");
                killWithAnOpenTransaction(server, source);
                source.execute(
                        "UPDATE partners.tag SET slug = 'd' WHERE slug = 'a'",
                        "DELETE FROM partners.tag WHERE slug = 'b'");

                assertThat(witness.sightings().stream().map(seen -> seen.operation() + seen.formerKey() + seen.key()))
                        .containsExactly(
                                "INSERTnull{\"slug\": \"a\"}",
                                "INSERTnull{\"slug\": \"b\"}",
                                "UPDATEnull{\"slug\": \"a\"}",
                                "UPDATE{\"slug\": \"a\"}{\"slug\": \"d\"}",
                                "DELETEnull{\"slug\": \"b\"}");
                assertThat(looksOfAPartner(source, witness))
                        .doesNotHaveDuplicates()
                        .hasSize(2);
            }
            assertThat(source.queryForLong("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))
                    .isZero();
        }
    }

    private static List<String> looksOfAPartner(Database source, Witness witness) {
        source.execute("INSERT INTO partners.partner (id, kind, status, name, created_at, modified_at)"
                + " VALUES (1, 'PERSON', 'A', 'n', now(), now())");
        source.execute("UPDATE partners.partner SET name = 'm'");
        return witness.sightings().stream()
                .map(Sighting::images)
                .filter(images -> images.containsKey("Party"))
                .map(images -> images.get("Party"))
                .toList();
    }

    private static void killWithAnOpenTransaction(PostgresServer server, Database source) throws SQLException {
        try (Connection open = source.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO partners.tag (slug, label) VALUES ('e', 'x')");
            server.kill();
        }
        server.begin();
        Await.until("the source is back", Duration.ofMinutes(2), () -> source.queryForLong("SELECT 1") == 1);
        assertThat(source.queryForList("SELECT slug FROM partners.tag ORDER BY slug"))
                .isEqualTo(List.of("a", "b"));
    }
}
