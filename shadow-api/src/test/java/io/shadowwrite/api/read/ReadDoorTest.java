package io.shadowwrite.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The routes of reads as plain HTTP. */
class ReadDoorTest {

    private static final List<String> ROUTES = List.of(
            "GET /shadow/read/crud/Tag?as_of_lsn=1000&limit=1",
            "GET /shadow/read/crud/Tag/a?as_of_lsn=1000",
            "GET /shadow/read/crud/Tag/digest?as_of_lsn=1000&bucket_bits=4",
            "POST /shadow/read/crud/Tag/lookup",
            "POST /shadow/read/pk-map/lookup");

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
        api.target().execute("insert into lib.tag values ('a', 'one'), ('b', null)");
    }

    private static HttpResponse<String> send(URI url, String route, @Nullable String token, String accept, String body)
            throws IOException, InterruptedException {
        String[] parts = route.split(" ", 2);
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(parts[1]))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .method(parts[0], BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return send(api.url(), "GET " + path, TestApi.TOKEN, accept, "");
    }

    private static String code(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        return WireJson.mapper().readTree(response.body()).path("code").asString();
    }

    @Test
    void asksForAToken() throws Exception {
        for (String route : ROUTES) {
            for (String accept : List.of("application/json", "application/x-ndjson")) {
                for (String token : new @Nullable String[] {null, "wrong"}) {
                    HttpResponse<String> response = send(api.url(), route, token, accept, "{}");

                    assertThat(response.statusCode()).isEqualTo(401);
                    assertThat(code(response)).isEqualTo("TOKEN_WRONG");
                }
            }
        }
    }

    @Test
    void answersNobodyWithoutAConfiguredToken() throws Exception {
        try (ConfigurableApplicationContext closed = api.another("--shadow.api.token=")) {
            for (String route : ROUTES) {
                HttpResponse<String> response =
                        send(ReadApi.url(closed), route, TestApi.TOKEN, "application/json", "{}");

                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(code(response)).isEqualTo("TOKEN_NOT_CONFIGURED");
            }
        }
    }

    @Test
    void needsNoOperator() throws Exception {
        for (String token : List.of(TestApi.TOKEN, TestApi.OPERATOR_TOKEN)) {
            assertThat(send(api.url(), ROUTES.getFirst(), token, "application/json", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "*/*", "text/html,*/*;q=0.8"})
    void answersAPageUnlessAStreamIsAskedFor(String accept) throws Exception {
        HttpResponse<String> response = get("/shadow/read/crud/Tag?as_of_lsn=1000&limit=5", accept);

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("{\"position\":\"1000\",\"events_since\":\"1000\",\"rows\":["
                        + "{\"key\":\"{\\\"code\\\":\\\"a\\\"}\",\"values\":{\"label\":\"one\"},\"version\":null,\"last_event_lsn\":null},"
                        + "{\"key\":\"{\\\"code\\\":\\\"b\\\"}\",\"values\":{\"label\":null},\"version\":null,\"last_event_lsn\":null}"
                        + "],\"next\":null}");
    }

    @Test
    void streamsLinesThatEndWithTheirNumber() throws Exception {
        HttpResponse<String> response = get("/shadow/read/crud/Tag?as_of_lsn=1000", "application/x-ndjson");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.body().lines())
                .hasSize(4)
                .first()
                .isEqualTo("{\"head\":{\"model\":\"Tag\",\"position\":\"1000\",\"events_since\":\"1000\"}}");
        assertThat(response.body()).endsWith("\n{\"end\":{\"rows\":2}}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?limit=1",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?as_of_lsn=0/3E8&limit=1",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?as_of_lsn=-1&limit=1",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?as_of_lsn=1000",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?as_of_lsn=1000&limit=many",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag?as_of_lsn=1000&since_lsn=x&limit=1",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag/a",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag/a?as_of_lsn=1000&history=maybe",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag/digest?as_of_lsn=1000",
        "400,MALFORMED_REQUEST,/shadow/read/crud/Tag/digest?as_of_lsn=1000&bucket_bits=4&hash=CRC",
        "404,MODEL_UNKNOWN,/shadow/read/junction/Link?as_of_lsn=1000&limit=1",
        "404,MODEL_UNKNOWN,/shadow/read/crud/Nothing/digest?as_of_lsn=1000&bucket_bits=4",
        "404,ROW_NOT_FOUND,/shadow/read/crud/Tag/c?as_of_lsn=1000",
        "409,POSITION_BEHIND,/shadow/read/crud/Tag/a?as_of_lsn=1001"
    })
    void saysWhatIsWrong(int status, String code, String path) throws Exception {
        HttpResponse<String> response = get(path, "application/json");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(code(response)).isEqualTo(code);
    }

    @Test
    void saysWhatIsWrongToAReaderOfStreamsToo() throws Exception {
        HttpResponse<String> behind = get("/shadow/read/crud/Tag?as_of_lsn=1001", "application/x-ndjson");
        HttpResponse<String> missing = get("/shadow/read/crud/Tag", "application/x-ndjson");

        assertThat(behind.statusCode()).isEqualTo(409);
        assertThat(code(behind)).isEqualTo("POSITION_BEHIND");
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(code(missing)).isEqualTo("MALFORMED_REQUEST");
    }
}
