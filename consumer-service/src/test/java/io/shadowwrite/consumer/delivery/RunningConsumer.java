package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderThread;
import io.shadowwrite.delivery.start.Api;
import io.shadowwrite.delivery.start.Slot;
import io.shadowwrite.delivery.start.SourceCheck;
import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Source;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.time.Duration;

/** A consumer without its web server: the same thread, the same wiring, real connections on both sides. */
final class RunningConsumer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Progress progress = new Progress();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ReaderThread delivery;

    RunningConsumer(SourceFixture source, ShadowPeer peer, int partChanges) {
        this(source, peer, partChanges, Database.USER, Database.PASSWORD);
    }

    private RunningConsumer(SourceFixture source, ShadowPeer peer, int partChanges, String user, String password) {
        ConsumerProperties settings = settings(source, peer, partChanges, user, password);
        delivery = new DeliveryConfiguration()
                .deliveryThread(
                        settings, SourceFixture.contract(), settings.api().connect(), progress, registry);
        delivery.start();
    }

    static RunningConsumer start(SourceFixture source, ShadowPeer peer) {
        return new RunningConsumer(source, peer, 2_500);
    }

    /** With another role in the source. */
    static RunningConsumer as(String user, String password, SourceFixture source, ShadowPeer peer) {
        return new RunningConsumer(source, peer, 2_500, user, password);
    }

    private static ConsumerProperties settings(
            SourceFixture source, ShadowPeer peer, int partChanges, String user, String password) {
        return new ConsumerProperties(
                false,
                "test",
                new ContractFile(Path.of("unused")),
                new Api(peer.url(), Duration.ofSeconds(10), "token"),
                new Source(source.database().jdbcUrl(), user, password),
                new Slot(source.slotName(), partChanges),
                new ConsumerProperties.Delivery(
                        100,
                        2,
                        Duration.ofMillis(300),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(7)),
                new SourceCheck(Duration.ofMillis(200)),
                new ConsumerProperties.Heartbeat(Duration.ofMillis(200)));
    }

    Progress progress() {
        return progress;
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    void stop() {
        delivery.stop();
    }

    void awaitState(ReaderState state) {
        Await.untilValue(
                "the consumer is " + state, PATIENCE, progress::situation, situation -> situation.state() == state);
    }

    /** The reason of the halt. */
    String awaitHalt() {
        awaitState(ReaderState.HALTED);
        return String.valueOf(progress.situation().reason());
    }

    @Override
    public void close() {
        delivery.stop();
    }
}
