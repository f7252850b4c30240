package io.shadowwrite.slotreader.reading;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderThread;
import io.shadowwrite.delivery.start.Api;
import io.shadowwrite.delivery.start.Slot;
import io.shadowwrite.delivery.start.SourceCheck;
import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Source;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.slotreader.SlotReaderProperties;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.time.Duration;

/** A slot reader without its web server: the same thread, the same wiring, real connections on both sides. */
final class RunningReader implements AutoCloseable {

    private final Progress progress = new Progress();
    private final ReaderThread reading;

    private RunningReader(SlotReaderProperties settings) {
        reading = new ReadingConfiguration()
                .readingThread(
                        settings,
                        SourceFixture.contract(),
                        settings.api().connect(),
                        progress,
                        new SimpleMeterRegistry());
        reading.start();
    }

    static RunningReader start(SourceFixture source, LedgerPeer peer) {
        return new RunningReader(new SlotReaderProperties(
                false,
                "test",
                new ContractFile(Path.of("unused")),
                new Api(peer.url(), Duration.ofSeconds(10), "token"),
                new Source(source.database().jdbcUrl(), Database.USER, Database.PASSWORD),
                new Slot(source.slotName(), 120),
                new SlotReaderProperties.Reading(
                        100, Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofSeconds(7)),
                new SourceCheck(Duration.ofMillis(200))));
    }

    void stop() {
        reading.stop();
    }

    void awaitState(ReaderState state) {
        Await.untilValue(
                "the reader is " + state,
                SourceFixture.PATIENCE,
                progress::situation,
                situation -> situation.state() == state);
    }

    /** The reason of the halt. */
    String awaitHalt() {
        awaitState(ReaderState.HALTED);
        return String.valueOf(progress.situation().reason());
    }

    @Override
    public void close() {
        reading.stop();
    }
}
