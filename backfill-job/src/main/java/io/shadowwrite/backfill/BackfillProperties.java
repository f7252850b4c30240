package io.shadowwrite.backfill;

import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.TickClock;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What the job must be told.
 *
 * @param migrationId the migration's name, as everywhere
 * @param target handed to the verifier; this job never connects to it
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
        @DefaultValue Target target,
        @Valid @DefaultValue Slots slots,
        @Valid @DefaultValue Backfill backfill,
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

    record Target(
            @DefaultValue("") String url, @DefaultValue("") String user) {}

    /**
     * @param replace drop slots of these names that are there before the window is open, and create them again
     * @param creationTimeout how long to wait for transactions that are older than a slot
     */
    record Slots(
            @DefaultValue("cdc_shadow_primary") String consumer,
            @DefaultValue("cdc_shadow_verifier") String verifier,
            @DefaultValue("false") boolean replace,
            @DefaultValue("30s") Duration creationTimeout) {}

    /**
     * How the rows that are there are loaded.
     *
     * @param readers ranges that are read and sent at a time; unless set, two for each processor, at least four and at most
     *     eight. Fewer when the source has not that many free connections
     * @param spares idle sessions beside the holder that keep the snapshot
     * @param rangePages pages of a table in one range; a range is one target transaction, and the last ones of a pass are not
     *     shared, so that larger ranges leave readers without work at its end
     * @param watchInterval how often it is looked whether holder and spares live
     * @param apiPatience how long an API that does not answer is asked again
     * @param mostLag how far standbys of the target may be behind before the load waits for them
     * @param lagPatience how long it waits
     * @param verifierCommand what compares the load, a word in each element; the options that tell it what to compare are
     *     appended. Empty: somebody else runs it, as it is told to
     * @param verifyTimeout how long the comparison may take
     */
    record Backfill(
            @Nullable @Min(1) @Max(64) Integer readers,
            @DefaultValue("2") @Min(1) @Max(16) int spares,
            @DefaultValue("512") @Min(1) int rangePages,
            @DefaultValue("5s") @NotNull Duration watchInterval,
            @DefaultValue("10m") @NotNull Duration apiPatience,
            @DefaultValue("1GB") @NotNull DataSize mostLag,
            @DefaultValue("30m") @NotNull Duration lagPatience,
            @DefaultValue List<String> verifierCommand,
            @DefaultValue("12h") @NotNull Duration verifyTimeout) {

        private static final int FEWEST_READERS_UNASKED = 4;
        private static final int MOST_READERS_UNASKED = 8;

        Backfill {
            verifierCommand = List.copyOf(verifierCommand);
        }

        /**
         * Two processors cannot feed more than four, which then only wait for each other, in the target's indexes too.
         *
         * @param processors of this machine
         */
        int readersAtATime(int processors) {
            return readers != null
                    ? readers
                    : Math.clamp(2L * processors, FEWEST_READERS_UNASKED, MOST_READERS_UNASKED);
        }

        /** With an API that does not answer. */
        Patience patience() {
            return new Patience(apiPatience, "see its log, and repeat; or raise shadow.backfill.api-patience");
        }
    }
}
