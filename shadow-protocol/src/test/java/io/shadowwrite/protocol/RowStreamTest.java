package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** A stream is whole or refused. */
class RowStreamTest {

    private static final RowStreamHead HEAD =
            new RowStreamHead("Tag", LogSequenceNumber.valueOf(9), LogSequenceNumber.valueOf(1));

    private final AtomicInteger closed = new AtomicInteger();

    private static TargetRow row(int number) {
        return new TargetRow(
                "{\"code\":\"k%d\"}".formatted(number),
                Collections.singletonMap("label", number % 2 == 0 ? null : "line\nfeed \"Δ\""),
                number == 1 ? new RowVersion("2026-01-01T00:00:00.000000Z", null, false) : null,
                number == 2 ? LogSequenceNumber.valueOf(-1) : null);
    }

    private static byte[] written(int rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RowStreamWriter writer = new RowStreamWriter(out);
        writer.head(HEAD);
        for (int i = 0; i < rows; i++) {
            writer.row(row(i));
        }
        writer.end();
        return out.toByteArray();
    }

    private RowStream stream(byte[] bytes) {
        return new RowStream(new ByteArrayInputStream(bytes), closed::incrementAndGet);
    }

    private RowStream stream(String text) {
        return stream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<TargetRow> rest(RowStream stream) {
        List<TargetRow> rows = new ArrayList<>();
        for (TargetRow row = stream.next(); row != null; row = stream.next()) {
            rows.add(row);
        }
        return rows;
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        try (RowStream stream = stream(written(3))) {
            assertThat(stream.head()).isEqualTo(HEAD);
            assertThat(rest(stream)).containsExactly(row(0), row(1), row(2));
            assertThat(stream.next()).isNull();
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void refusesEveryStreamThatWasCut() throws IOException {
        byte[] whole = written(2);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> rest(stream(cut)))
                    .as("after %d bytes", length)
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
                        assertThat(problem.retryable()).isTrue();
                    });
        }
        assertThat(rest(stream(whole))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"row\":{\"key\":\"k\",\"values\":{},\"version\":null,\"last_event_lsn\":null}}\n",
                "HEAD{\"end\":{\"rows\":1}}\n",
                "HEADHEAD",
                "HEAD{\"row\":{\"key\":\"k\",\"values\":{},\"version\":null}}\n{\"end\":{\"rows\":1}}\n",
                "HEAD{\"row\":{\"key\":\"k\",\"values\":{},\"version\":null,\"last_event_lsn\":5}}\n{\"end\":{\"rows\":1}}\n",
                "HEAD{\"end\":{\"rows\":0},\"more\":1}\n",
                "HEAD{\"end\":{\"rows\":0}}{\"end\":{\"rows\":0}}\n",
                "HEAD{\"last\":{\"rows\":0}}\n",
                "HEAD[]\n",
                "HEAD{}\n",
                "HEAD\n",
                "HEAD<html>\n",
                "HEAD{\"problem\":{\"code\":\"SOMETHING_NEW\"}}\n",
                "<html>\n"
            })
    void refusesWhatIsNotTheFormat(String text) {
        String head = "{\"head\":" + WireJson.mapper().writeValueAsString(HEAD) + "}\n";

        assertThatThrownBy(() -> rest(stream(text.replace("HEAD", head))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE));
    }

    @Test
    void endsWithTheProblemThatEndedTheOtherSide() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RowStreamWriter writer = new RowStreamWriter(out);
        writer.head(HEAD);
        writer.row(row(0));
        writer.problem(new ShadowProblem(ProblemType.READ_TOO_LONG, "slow", Map.of("model", "Tag"), null));
        RowStream stream = stream(out.toByteArray());

        assertThat(stream.next()).isEqualTo(row(0));
        assertThatThrownBy(stream::next).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.READ_TOO_LONG);
            assertThat(problem.facts()).containsEntry("model", "Tag");
        });
    }

    @Test
    void asksForAStreamAndCutsItsConnectionWhenItIsClosedHalfWay() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        List<String> requests = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] beginning = written(2);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Accept"));
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, 0);
            // Never ends by itself, so reading to its end would hang.
            exchange.getResponseBody().write(beginning, 0, beginning.length - 20);
            exchange.getResponseBody().flush();
        });
        server.start();
        try (RowStreams streams = RowStreams.connect(
                URI.create("http://localhost:" + server.getAddress().getPort()), "secret", Duration.ofSeconds(20))) {
            for (int i = 0; i < ShadowApiClient.MAX_CONNECTIONS + 1; i++) {
                try (RowStream stream = streams.open(
                        ReadKind.CRUD, "A b/c", LogSequenceNumber.valueOf(-1), LogSequenceNumber.valueOf(5))) {
                    assertThat(stream.next()).isEqualTo(row(0));
                }
            }
            assertThat(asked).hasValue(ShadowApiClient.MAX_CONNECTIONS + 1);
            assertThat(requests.getFirst())
                    .isEqualTo("/shadow/read/crud/A%20b%2Fc?as_of_lsn=18446744073709551615&since_lsn=5"
                            + " Bearer secret application/x-ndjson");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void turnsARefusalIntoItsProblem() throws IOException {
        byte[] body = WireJson.mapper()
                .writeValueAsBytes(ProblemDocument.of(new ShadowProblem(ProblemType.POSITION_BEHIND, "behind")));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(409, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI url = URI.create("http://localhost:" + server.getAddress().getPort());
        try (RowStreams streams = RowStreams.connect(url, "secret", Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> streams.open(ReadKind.SCD, "Tag", LogSequenceNumber.valueOf(1), null))
                    .isInstanceOfSatisfying(
                            ShadowProblem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.POSITION_BEHIND));
            server.stop(0);
            assertThatThrownBy(() -> streams.open(ReadKind.SCD, "Tag", LogSequenceNumber.valueOf(1), null))
                    .isInstanceOfSatisfying(
                            ShadowProblem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE));
        }
    }

    @Test
    void failsWhenTheConnectionFails() throws IOException {
        InputStream failing = InputStream.nullInputStream();
        failing.close();

        assertThatThrownBy(() -> new RowStream(failing, closed::incrementAndGet))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE));
    }
}
