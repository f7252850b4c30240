package io.shadowwrite.delivery.start;

import io.shadowwrite.program.Settings;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where shadow-api is.
 *
 * @param timeout bound on one exchange
 */
public record Api(
        @DefaultValue("http://localhost:8080") URI url,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("") String token) {

    public Api {
        Settings.positive("shadow.api.timeout", timeout);
    }

    /** A client for the whole program. */
    public ShadowApi connect() {
        return ShadowApiClient.connect(url, token, timeout);
    }

    /** The same for transactions that travel line by line. */
    public LongTransactionClient connectForLongTransactions() {
        return LongTransactionClient.connect(url, token);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Api[" + url + "]";
    }
}
