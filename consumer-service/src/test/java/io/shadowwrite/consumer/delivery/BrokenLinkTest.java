package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.BytePoint;
import io.shadowwrite.testsupport.BytePoint.Way;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The replication connection breaks at whichever byte. */
class BrokenLinkTest extends DeliveryScene {

    /** How many bytes an LSN takes, with what ends the message, give or take one. */
    private static final int END_OF_MESSAGE = 10;

    /** Of the message that is copied, and of the log data in it. */
    private static final int HEADERS = 5 + 25;

    BrokenLinkTest(@Source Database database) {
        super(database);
    }

    private record Cut(String behind, int occurrence, int bytes) {}

    /** In each kind of byte: JSON of begin, change and commit, the end of a message, and both headers of the next. */
    private static List<Cut> cuts() {
        List<Cut> all = new ArrayList<>();
        for (String action : List.of("B", "I", "C")) {
            for (int bytes : new int[] {0, 1, 40}) {
                all.add(new Cut("{\"action\":\"%s\"".formatted(action), 1, bytes));
            }
        }
        for (int bytes = END_OF_MESSAGE - 3;
                bytes < END_OF_MESSAGE + HEADERS;
                bytes += bytes < END_OF_MESSAGE + 7 ? 1 : 7) {
            all.add(new Cut("\"nextlsn\":\"", 1, bytes));
        }
        for (int bytes = END_OF_MESSAGE - 2; bytes < END_OF_MESSAGE + 3; bytes++) {
            all.add(new Cut("\"nextlsn\":\"", 2, bytes));
        }
        return all;
    }

    @Test
    void whatIsNotWholeIsDroppedAndComesAgainOnceWhereverItIsCut() {
        try (TcpProxy proxy = TcpProxy.to(source.database().port());
                RunningConsumer consumer = RunningConsumer.start(behind(proxy), peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            int id = 0;
            for (Cut cut : cuts()) {
                BytePoint point =
                        proxy.cutAt(BytePoint.behind(Way.TO_CLIENT, cut.behind(), cut.occurrence(), cut.bytes()));
                source.insert(++id);
                point.await(RunningConsumer.PATIENCE);
                awaitApplied(id);
            }
            assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
        }

        assertThat(keys())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, cuts().size())
                        .mapToObj("{\"id\":%d}"::formatted)
                        .toList());
        assertThat(peer.applied()).extracting(TransactionWrites::commitLsn).isSorted();
    }

    private SourceFixture behind(TcpProxy proxy) {
        return new SourceFixture(source.database().through(proxy), source.window(), source.side());
    }
}
