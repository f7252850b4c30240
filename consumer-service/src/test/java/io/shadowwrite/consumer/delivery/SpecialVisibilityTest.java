package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a server whose commits wait for a standby: what is in the log is not visible until it answers. */
@Timeout(120)
class SpecialVisibilityTest {

    private static final String COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND ";

    @Test
    void aCommitThatIsNotVisibleYetIsWaitedFor() throws InterruptedException {
        PostgresServer.Settings settings = PostgresServer.Settings.defaults()
                .with("synchronous_standby_names", "nobody")
                .with("synchronous_commit", "local");
        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.SOURCE, settings)) {
            Database database = server.createDatabase("special");
            try (SourceFixture source = SourceFixture.in(database, Side.CONSUMER);
                    ShadowPeer peer = new ShadowPeer(source.window())) {
                try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
                    consumer.awaitState(ReaderState.STREAMING);
                    Thread writer = Thread.ofVirtual()
                            .start(() -> database.execute(
                                    "SET synchronous_commit TO on",
                                    "INSERT INTO app.measure (id, single) VALUES (1, 'NaN')"));
                    Await.until(
                            "the consumer asks whether it is visible",
                            RunningConsumer.PATIENCE,
                            () -> database.queryForLong(COUNT + "query LIKE '%pg_visible_in_snapshot%xid8%committed%'"
                                            + " AND pid <> pg_backend_pid()")
                                    == 1);
                    assertThat(database.queryForLong(COUNT + "wait_event = 'SyncRep'"))
                            .isEqualTo(1);
                    assertThat(peer.letters().outcome()).isEmpty();

                    database.queryForList(
                            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
                    Await.untilValue(
                            "it is parked",
                            RunningConsumer.PATIENCE,
                            () -> peer.letters().outcome(),
                            outcome -> outcome.equals(List.of("{\"id\":1} parked")));
                    writer.join();
                }
            }
        }
    }
}
