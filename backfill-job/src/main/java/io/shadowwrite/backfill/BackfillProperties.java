package io.shadowwrite.backfill;

import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.TickClock;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the job must be told.
 *
 * @param migrationId the migration's name, as everywhere
 * @param slots names of the two slots to create
 * @param sc3RequiredTicks clean hours in a row that a permit will need; frozen when the window opens
 * @param sc3GapPolicy what an hour without a verdict does to them; frozen too
 * @param sc3Clock whose hours they are; simulated only for a demonstration, and frozen too
 */
@Validated
@ConfigurationProperties(prefix = "shadow", ignoreUnknownFields = false)
record BackfillProperties(
        @NotBlank String migrationId,
        @Valid @NotNull ContractFile contract,
        @Valid @NotNull Api api,
        @Valid @NotNull Source source,
        @Valid @DefaultValue Slots slots,
        @Min(1) @DefaultValue("168") int sc3RequiredTicks,
        @DefaultValue("reset") GapPolicy sc3GapPolicy,
        @DefaultValue("source") TickClock sc3Clock) {

    record ContractFile(@NotNull Path location) {}

    /** @param operatorToken opening the window is an operator's act */
    record Api(
            @DefaultValue("http://localhost:8080") URI url,
            @DefaultValue("10s") Duration timeout,

            @NotBlank(message = "set RDS_CDC_SHADOW_OPERATOR_TOKEN to the operator token of shadow-api") String operatorToken) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Api[" + url + "]";
        }
    }

    record Source(
            @NotBlank String url,
            @NotBlank String user,
            @DefaultValue("") String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Source[" + user + "]";
        }
    }

    /**
     * @param replace drop slots of these names that are there before the window is open, and create them again
     * @param creationTimeout how long to wait for transactions that are older than a slot
     */
    record Slots(
            @DefaultValue("cdc_shadow_primary") String consumer,
            @DefaultValue("cdc_shadow_verifier") String verifier,
            @DefaultValue("false") boolean replace,
            @DefaultValue("30s") Duration creationTimeout) {}
}
