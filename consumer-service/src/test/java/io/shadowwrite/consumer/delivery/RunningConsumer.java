package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** A consumer without its web server: the same thread, the same wiring, real connections on both sides. */
final class RunningConsumer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Progress progress = new Progress();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Delivery delivery;

    RunningConsumer(SourceFixture source, ShadowPeer peer, ConsumerProperties.Window window) {
        ConsumerProperties settings = settings(source, peer, window);
        delivery = new Delivery(
                settings,
                SourceFixture.contract(),
                ShadowApiClient.connect(
                        peer.url(), settings.api().token(), settings.api().timeout()),
                progress,
                registry,
                InstantSource.system());
        delivery.start();
    }

    static RunningConsumer start(SourceFixture source, ShadowPeer peer) {
        return new RunningConsumer(source, peer, new ConsumerProperties.Window(10_000));
    }

    private static ConsumerProperties settings(
            SourceFixture source, ShadowPeer peer, ConsumerProperties.Window window) {
        return new ConsumerProperties(
                false,
                "test",
                new ConsumerProperties.ContractFile(Path.of("unused")),
                new ConsumerProperties.Api(peer.url(), Duration.ofSeconds(10), "token"),
                new ConsumerProperties.Source(source.database().jdbcUrl(), Database.USER, Database.PASSWORD),
                new ConsumerProperties.Slot(source.slotName()),
                new ConsumerProperties.Delivery(
                        100,
                        Duration.ofMillis(300),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(7)),
                window,
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
