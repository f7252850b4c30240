package io.shadowwrite.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.web.util.UriComponentsBuilder;

/** Opens streams of whole models and of the hashes of their buckets. Thread-safe; one per process, closed with it. */
public final class RowStreams implements AutoCloseable {

    private final URI baseUrl;
    private final String token;
    private final CloseableHttpClient client;

    private RowStreams(URI baseUrl, String token, CloseableHttpClient client) {
        this.baseUrl = baseUrl;
        this.token = token;
        this.client = client;
    }

    /**
     * A client over a bounded connection pool of its own.
     *
     * @param baseUrl scheme, host and port, without path
     * @param timeout bound on waiting for a connection, for the first row and from one row to the next
     */
    public static RowStreams connect(URI baseUrl, String token, Duration timeout) {
        return new RowStreams(baseUrl, token, ShadowApiClient.http(timeout));
    }

    /**
     * All current rows of a model.
     *
     * @param asOfLsn the position must have reached it
     * @param sinceLsn where to begin to look for last events; null leaves it to the API
     * @throws ShadowProblem of the route, or TARGET_UNAVAILABLE when there is no answer
     */
    public RowStream open(
            ReadKind kind, String model, LogSequenceNumber asOfLsn, @Nullable LogSequenceNumber sinceLsn) {
        HttpGet request = new HttpGet(url(kind, model, asOfLsn, sinceLsn));
        return opened(request, body -> new RowStream(body, request::cancel));
    }

    /**
     * The hashes of the rows of some buckets of a model.
     *
     * @throws ShadowProblem of the route, or TARGET_UNAVAILABLE when there is no answer
     */
    public BucketStream buckets(ReadKind kind, String model, BucketRows rows) {
        return buckets(
                UriComponentsBuilder.fromUri(baseUrl)
                        .pathSegment("shadow", "read", "{kind}", "{model}", "buckets")
                        .encode()
                        .buildAndExpand(kind.path(), model)
                        .toUri(),
                model,
                rows);
    }

    /**
     * The hashes of current entries of the key map.
     *
     * @throws ShadowProblem of the route, or TARGET_UNAVAILABLE when there is no answer
     */
    public BucketStream keyMapBuckets(String sourceTable, String model, BucketRows rows) {
        return buckets(
                UriComponentsBuilder.fromUri(baseUrl)
                        .pathSegment("shadow", "read", "pk-map", "buckets")
                        .queryParam("source_table", "{table}")
                        .queryParam("model", "{model}")
                        .encode()
                        .buildAndExpand(sourceTable, model)
                        .toUri(),
                model,
                rows);
    }

    private BucketStream buckets(URI url, String model, BucketRows rows) {
        HttpPost request = new HttpPost(url);
        request.setEntity(new ByteArrayEntity(WireJson.mapper().writeValueAsBytes(rows), ContentType.APPLICATION_JSON));
        return opened(request, body -> new BucketStream(body, model, rows, request::cancel));
    }

    private <T> T opened(HttpUriRequestBase request, Function<InputStream, T> stream) {
        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        request.setHeader(HttpHeaders.ACCEPT, RowStreamWriter.MEDIA_TYPE);
        try {
            return streamOf(client.executeOpen(HttpHost.create(request.getUri()), request, null), request, stream);
        } catch (IOException | java.net.URISyntaxException e) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    "shadow-api did not answer (%s)".formatted(e.getClass().getSimpleName()),
                    e);
        }
    }

    private URI url(ReadKind kind, String model, LogSequenceNumber asOfLsn, @Nullable LogSequenceNumber sinceLsn) {
        UriComponentsBuilder url = UriComponentsBuilder.fromUri(baseUrl)
                .pathSegment("shadow", "read", "{kind}", "{model}")
                .queryParam("as_of_lsn", LsnText.of(asOfLsn));
        if (sinceLsn != null) {
            url.queryParam("since_lsn", LsnText.of(sinceLsn));
        }
        return url.encode().buildAndExpand(kind.path(), model).toUri();
    }

    /**
     * The connection is given up with the stream, and not closed: closing would first read the answer to its end, which may
     * be far away.
     */
    private static <T> T streamOf(
            ClassicHttpResponse response, HttpUriRequestBase request, Function<InputStream, T> stream)
            throws IOException {
        try {
            HttpEntity body = response.getEntity();
            if (response.getCode() != 200 || body == null) {
                byte[] problem = body == null ? new byte[0] : ProblemReader.read(body.getContent());
                throw ProblemReader.problem(response.getCode(), request.getMethod() + " " + request.getPath(), problem);
            }
            return stream.apply(body.getContent());
        } catch (IOException | RuntimeException e) {
            request.cancel();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
