package io.shadowwrite.protocol;

import java.net.URI;
import java.time.Duration;

/** Makes clients of shadow-api. Thread-safe; one per process. */
public final class ShadowApiClient {

    private ShadowApiClient() {}

    /**
     * A client over a bounded connection pool.
     *
     * @param baseUrl scheme, host and port, without path
     * @param token bearer token
     * @param timeout bound on one exchange; a request without an answer by then is TARGET_UNAVAILABLE
     */
    public static ShadowApi connect(URI baseUrl, String token, Duration timeout) {
        throw new UnsupportedOperationException("being built: " + baseUrl + token.length() + timeout);
    }
}
