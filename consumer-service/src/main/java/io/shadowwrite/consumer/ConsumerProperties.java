package io.shadowwrite.consumer;

import io.shadowwrite.delivery.start.Api;
import io.shadowwrite.delivery.start.Slot;
import io.shadowwrite.delivery.start.SourceCheck;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Settings;
import io.shadowwrite.program.Source;
import io.shadowwrite.replication.stream.SlotSettings;
import java.time.Duration;
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
        @DefaultValue SourceCheck sourceCheck,
        @DefaultValue Heartbeat heartbeat) {

    public ConsumerProperties {
        Settings.required("shadow.migration-id", migrationId);
    }

    /**
     * How changes travel.
     *
     * @param maxChanges row changes in one request; a larger transaction travels alone. Times {@code requestsInFlight} it is
     *     less than what a reader holds, which is 5,000
     * @param requestsInFlight batches on the way to the API at once, 1 to 4
     * @param reportInterval how often the API hears how this reader is doing
     * @param holdPoll how often a hold is looked at while it stands in the way
     * @param retryPause how long to wait before the slot is tried again
     * @param stopWithin how long the call in flight may still take when the program stops
     */
    public record Delivery(
            @DefaultValue("1000") int maxChanges,
            @DefaultValue("2") int requestsInFlight,
            @DefaultValue("5s") Duration reportInterval,
            @DefaultValue("75ms") Duration holdPoll,
            @DefaultValue("1s") Duration retryPause,
            @DefaultValue("7s") Duration stopWithin) {
        public Delivery {
            Settings.positive("shadow.delivery.max-changes", maxChanges);
            if (requestsInFlight < 1 || requestsInFlight > 4) {
                throw new IllegalArgumentException("shadow.delivery.requests-in-flight is 1 to 4");
            }
            if (Math.multiplyFull(maxChanges, requestsInFlight) >= SlotSettings.MOST_IN_FLIGHT_CHANGES) {
                throw new IllegalArgumentException(
                        "shadow.delivery.max-changes (%d) times requests-in-flight (%d) fills the %d changes that a reader holds, so that nothing could be read while they are on their way; set max-changes to %d or less"
                                .formatted(
                                        maxChanges,
                                        requestsInFlight,
                                        SlotSettings.MOST_IN_FLIGHT_CHANGES,
                                        (SlotSettings.MOST_IN_FLIGHT_CHANGES - 1) / requestsInFlight));
            }
            Settings.positive("shadow.delivery.report-interval", reportInterval);
            Settings.positive("shadow.delivery.hold-poll", holdPoll);
            Settings.positive("shadow.delivery.retry-pause", retryPause);
            Settings.positive("shadow.delivery.stop-within", stopWithin);
        }
    }

    /**
     * The regular sign of life in the source's WAL.
     *
     * @param interval time between two beats; zero for none
     */
    public record Heartbeat(@DefaultValue("10s") Duration interval) {}
}
