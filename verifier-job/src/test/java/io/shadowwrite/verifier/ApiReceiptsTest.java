package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptCell;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.verification.attest.Attestor;
import io.shadowwrite.verification.session.VerificationProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** A peer that has one sum for each window, and answers of so many only. */
@Timeout(60)
class ApiReceiptsTest {

    private static final long WINDOW = Attestor.SEGMENT_BYTES;
    private static final LogSequenceNumber BEGIN = LogSequenceNumber.valueOf(WINDOW / 2);
    private static final LogSequenceNumber END = LogSequenceNumber.valueOf(10 * WINDOW + 5);
    private static final Pattern RANGE = Pattern.compile("from_lsn=([0-9]+)&to_lsn=([0-9]+)");

    private HttpServer peer;
    private volatile int mostCells;

    @BeforeEach
    void listen() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", this::answer);
        peer.start();
    }

    @AfterEach
    void stop() {
        peer.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Matcher range = RANGE.matcher(exchange.getRequestURI().getQuery());
        assertThat(range.find()).isTrue();
        long to = Long.parseLong(range.group(2));
        List<ReceiptCell> cells = new ArrayList<>();
        for (long from = Long.parseLong(range.group(1)); from < to; from = (from / WINDOW + 1) * WINDOW) {
            cells.add(cell(from, Math.min(to, (from / WINDOW + 1) * WINDOW)));
        }
        boolean tooMuch = cells.size() > mostCells;
        byte[] body = WireJson.mapper()
                .writeValueAsBytes(
                        tooMuch
                                ? ProblemDocument.of(new ShadowProblem(ProblemType.MALFORMED_REQUEST, "too many"))
                                : new ReceiptDigest(END, END, null, cells));
        exchange.getResponseHeaders().set("Content-Type", tooMuch ? ProblemDocument.MEDIA_TYPE : "application/json");
        exchange.sendResponseHeaders(tooMuch ? 400 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static ReceiptCell cell(long from, long to) {
        ReceiptSum sum = new ReceiptSum(1, "2", "3");
        return new ReceiptCell(
                LogSequenceNumber.valueOf(from), LogSequenceNumber.valueOf(to), "app.memo", Operation.INSERT, sum, sum);
    }

    private List<String> windows(int atATime) {
        mostCells = atATime;
        URI url = URI.create("http://127.0.0.1:" + peer.getAddress().getPort());
        ApiCalls calls = new ApiCalls(new Patience(Duration.ofSeconds(5)), 1, END);
        return new ApiReceipts(ShadowApiClient.connect(url, "token", Duration.ofSeconds(30)), calls)
                .cells(BEGIN, END).stream()
                        .map(cell -> cell.from().asLong() + "-" + cell.to().asLong())
                        .toList();
    }

    @Test
    void asksInPartsThatCutNoWindowForWhatIsTooMuchForOneAnswer() {
        List<String> atOnce = windows(100);

        assertThat(atOnce).hasSize(11);
        assertThat(windows(4)).isEqualTo(atOnce);
        assertThat(windows(1)).isEqualTo(atOnce);
    }

    @Test
    void givesUpOnAWindowThatIsTooMuchByItself() {
        assertThatThrownBy(() -> windows(0))
                .isInstanceOfSatisfying(
                        VerificationProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(VerificationProblem.Code.READ_FAILED));
    }
}
