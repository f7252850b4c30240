package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A source with a slot, the API that its changes go to, and what tests of consumers between them wait for. */
@PostgresTest
@Timeout(90)
abstract class DeliveryScene {

    final SourceFixture source;
    final ShadowPeer peer;

    DeliveryScene(Database database) {
        source = SourceFixture.in(database, Side.CONSUMER);
        peer = new ShadowPeer(source.window());
    }

    @AfterEach
    void drop() {
        peer.close();
        source.close();
    }

    final void awaitApplied(int transactions) {
        await(transactions + " transactions are applied", () -> peer.applied().size() == transactions);
    }

    static void await(String what, BooleanSupplier condition) {
        Await.until(what, RunningConsumer.PATIENCE, condition);
    }

    /** The key of the first change of every transaction that was applied, in that order. */
    final List<String> keys() {
        return peer.applied().stream()
                .map(transaction -> transaction.changes().getFirst().sourceKey())
                .toList();
    }
}
