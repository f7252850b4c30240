package io.shadowwrite.consumer;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set under {@code shadow}. An unknown or missing key stops the start.
 *
 * @param disabled whether the program stays up without reading anything
 * @param migrationId the migration's name
 */
@ConfigurationProperties(prefix = "shadow", ignoreUnknownFields = false)
public record ConsumerProperties(
        @DefaultValue("false") boolean disabled,
        String migrationId,
        @DefaultValue ContractFile contract,
        @DefaultValue Api api,
        @DefaultValue Source source,
        @DefaultValue Slot slot,
        @DefaultValue Delivery delivery,
        @DefaultValue Window window,
        @DefaultValue Heartbeat heartbeat) {

    public ConsumerProperties {
        required("shadow.migration-id", migrationId);
    }

    /** Where the contract is. */
    public record ContractFile(Path location) {
        public ContractFile {
            required("shadow.contract.location", location);
        }
    }

    /**
     * The API that writes the target.
     *
     * @param timeout bound on one exchange
     */
    public record Api(
            @DefaultValue("http://localhost:8080") URI url,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("") String token) {
        public Api {
            positive("shadow.api.timeout", timeout);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Api[" + url + "]";
        }
    }

    /** The database that is read. */
    public record Source(
            String url, String user, @DefaultValue("") String password) {
        public Source {
            required("shadow.source.url", url);
            required("shadow.source.user", user);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Source[" + user + "]";
        }
    }

    /** The slot that is read. */
    public record Slot(@DefaultValue("cdc_shadow_primary") String name) {}

    /**
     * How changes travel.
     *
     * @param maxChanges row changes in one request; a larger transaction travels alone
     * @param reportInterval how often the API hears how this reader is doing
     * @param holdPoll how often a hold is looked at while it stands in the way
     * @param retryPause how long to wait before the slot is tried again
     * @param stopWithin how long the call in flight may still take when the program stops
     */
    public record Delivery(
            @DefaultValue("1000") int maxChanges,
            @DefaultValue("5s") Duration reportInterval,
            @DefaultValue("75ms") Duration holdPoll,
            @DefaultValue("1s") Duration retryPause,
            @DefaultValue("7s") Duration stopWithin) {
        public Delivery {
            positive("shadow.delivery.max-changes", Duration.ofMillis(maxChanges));
            positive("shadow.delivery.report-interval", reportInterval);
            positive("shadow.delivery.hold-poll", holdPoll);
            positive("shadow.delivery.retry-pause", retryPause);
            positive("shadow.delivery.stop-within", stopWithin);
        }
    }

    /**
     * Bounds of the migration window.
     *
     * @param maxTransactionChanges row changes of one source transaction, above which delivery halts
     */
    public record Window(@DefaultValue("200000") int maxTransactionChanges) {
        public Window {
            positive("shadow.window.max-transaction-changes", Duration.ofMillis(maxTransactionChanges));
        }
    }

    /**
     * The regular sign of life in the source's WAL.
     *
     * @param interval time between two beats; zero for none
     */
    public record Heartbeat(@DefaultValue("10s") Duration interval) {}

    /** The binder passes null for what nobody set, whatever the type says. */
    private static void required(String key, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException(key + " is missing");
        }
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " must be positive");
        }
    }
}
