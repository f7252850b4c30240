package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.delivery.ReaderHealth;
import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.boot.health.contributor.Status;

class HaltTest extends DeliveryScene {

    HaltTest(@Source Database database) {
        super(database);
    }

    @Test
    void aTruncateHaltsExactlyBeforeItsTransactionAndIsReported() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            source.database().execute("TRUNCATE app.partner");
            source.insert(2);

            assertThat(consumer.awaitHalt()).contains("TRUNCATE", "app.partner", "change 0", "committed at");
            assertThat(new ReaderHealth(consumer.progress()).health().getStatus())
                    .isEqualTo(Status.DOWN);
            awaitReportedHalt("TRUNCATE");
        }
        assertThat(peer.applied()).hasSize(1);
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void aColumnTheContractDoesNotKnowHalts() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("ALTER TABLE app.partner ADD COLUMN surprise text");
            source.insert(1);

            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", "app.partner", "surprise");
        }
        assertThat(peer.applied()).isEmpty();
    }

    @Test
    void aTableTheContractDoesNotKnowHalts() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute("CREATE TABLE app.unheard (id int PRIMARY KEY)", "INSERT INTO app.unheard VALUES (1)");

            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", "app.unheard");
        }
    }

    @Test
    void anUnusableReplicaIdentityHaltsBeforeTheFirstSession() {
        source.database().execute("ALTER TABLE app.partner REPLICA IDENTITY NOTHING");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            assertThat(consumer.awaitHalt()).contains("REPLICA_IDENTITY", "partner", "ALTER TABLE");
            awaitReportedHalt("REPLICA_IDENTITY");
        }
        assertThat(peer.sessions()).isEmpty();
    }

    @Test
    void aSlotThatIsNotTheWindowsHaltsBeforeItIsTouched() {
        Window own = source.window();
        try (ShadowPeer other = new ShadowPeer(new Window(
                        own.migrationId(),
                        "another_slot",
                        LogSequenceNumber.valueOf(own.consumerBaseline().asLong() + 8),
                        own.verifierSlot(),
                        own.verifierBaseline(),
                        own.systemIdentifier(),
                        own.timeline(),
                        own.optionsHash(),
                        own.contractHash(),
                        own.requiredTicks(),
                        own.gapPolicy(),
                        own.tickClock()));
                RunningConsumer consumer = RunningConsumer.start(source, other)) {
            assertThat(consumer.awaitHalt()).contains("WINDOW_MISMATCH", "another_slot", "shadow.slot.name");
        }
        assertThat(source.confirmed()).isEqualByComparingTo(source.baseline());
    }

    @Test
    void anotherContractIsNamedWithBothHashes() {
        peer.refuseSessions(ProblemType.CONTRACT_MISMATCH);
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            assertThat(consumer.awaitHalt())
                    .contains(
                            "CONTRACT_MISMATCH",
                            "0123abcd",
                            SourceFixture.contract().sha256());
        }
        assertThat(source.confirmed()).isEqualByComparingTo(source.baseline());
    }

    @Test
    void aRefusedWriteHaltsAndNothingOfItIsAcknowledged() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            await("one is applied", () -> peer.applied().size() == 1);
            peer.refuseWrites(ProblemType.WRITE_REJECTED, 100);
            source.insert(2);

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED", "change_index=0");
        }
        assertThat(peer.applied()).hasSize(1);
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void aChangeInTheMiddleOfALargeTransactionThatCannotBeExpressedLeavesNothingOfIt() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, 100)) {
            source.database()
                    .execute("INSERT INTO app.partner (id, name) SELECT n, 'x' FROM generate_series(1, 1000) n;"
                            + "TRUNCATE app.partner; INSERT INTO app.partner (id) VALUES (1)");

            assertThat(consumer.awaitHalt()).contains("TRUNCATE", "change 1000", "committed at");
        }
        assertThat(peer.applied()).isEmpty();
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    private void awaitReportedHalt(String reason) {
        await(
                "the API knows",
                () -> peer.reports().stream()
                        .anyMatch(report -> report.state().equals("HALTED")
                                && String.valueOf(report.reason()).contains(reason)));
    }
}
