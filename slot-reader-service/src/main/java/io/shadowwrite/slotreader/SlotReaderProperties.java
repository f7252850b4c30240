package io.shadowwrite.slotreader;

import io.shadowwrite.delivery.start.Api;
import io.shadowwrite.delivery.start.Slot;
import io.shadowwrite.delivery.start.SourceCheck;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Settings;
import io.shadowwrite.program.Source;
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
public record SlotReaderProperties(
        @DefaultValue("false") boolean disabled,
        String migrationId,
        @DefaultValue ContractFile contract,
        @DefaultValue Api api,
        @DefaultValue Source source,
        @DefaultValue Slot slot,
        @DefaultValue Reading reading,
        @DefaultValue SourceCheck sourceCheck) {

    public SlotReaderProperties {
        Settings.required("shadow.migration-id", migrationId);
    }

    /**
     * How receipts travel.
     *
     * @param maxReceipts receipts in one request
     * @param reportInterval how often the API hears how this reader is doing
     * @param retryPause how long to wait before the slot is tried again
     * @param stopWithin how long the call in flight may still take when the program stops
     */
    public record Reading(
            @DefaultValue("1000") int maxReceipts,
            @DefaultValue("5s") Duration reportInterval,
            @DefaultValue("1s") Duration retryPause,
            @DefaultValue("7s") Duration stopWithin) {
        public Reading {
            Settings.positive("shadow.reading.max-receipts", maxReceipts);
            Settings.positive("shadow.reading.report-interval", reportInterval);
            Settings.positive("shadow.reading.retry-pause", retryPause);
            Settings.positive("shadow.reading.stop-within", stopWithin);
        }
    }
}
