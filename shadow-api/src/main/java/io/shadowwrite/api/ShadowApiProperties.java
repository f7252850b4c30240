package io.shadowwrite.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Everything that can be set; an unknown key below {@code shadow} stops the start.
 *
 * @param disabled switches every route off, as if the module were not there
 * @param migrationId name of the migration, the same for all programs
 */
@Validated
@ConfigurationProperties(prefix = "shadow", ignoreUnknownFields = false)
record ShadowApiProperties(
        @DefaultValue("false") boolean disabled,

        @Valid @NotNull(message = "is required: set shadow.contract.location") ContractFile contract,

        @NotBlank(message = "is required: set shadow.migration-id") String migrationId,

        @Valid @DefaultValue Api api,

        @Valid @NotNull(message = "is required: set shadow.target.url, .user and SHADOW_TARGET_PASSWORD") Target target,

        @Valid @DefaultValue Ledger ledger,

        @Valid @DefaultValue Retention retention,

        @Valid @DefaultValue Write write,

        @Valid @DefaultValue Read read,

        @Valid @DefaultValue DeadLetters deadLetters,

        @Valid @DefaultValue Cutover cutover) {

    /** @param location path of the contract file */
    record ContractFile(
            @NotNull(message = "is required: the path of the contract file") Path location) {}

    /**
     * The two secrets.
     *
     * @param token empty: that of RDS_CDC_SHADOW_TOKEN; without either every route answers 503
     * @param operatorToken empty: that of RDS_CDC_SHADOW_OPERATOR_TOKEN; without either nobody is an operator
     */
    record Api(
            @DefaultValue("") String token,
            @DefaultValue("") String operatorToken) {

        @Override
        public String toString() {
            return "Api[]";
        }
    }

    /**
     * The target database.
     *
     * @param poolSize most connections at a time; also the most requests that are worked on at once
     */
    record Target(
            @NotBlank String url,
            @NotBlank String user,
            @DefaultValue("") String password,
            @DefaultValue("10") @Min(2) @Max(100) int poolSize) {

        @Override
        public String toString() {
            return "Target[url=%s, user=%s, poolSize=%d]".formatted(url, user, poolSize);
        }
    }

    /** @param partitionSize LSN width of one partition; frozen when the window opens */
    record Ledger(@DefaultValue("4GB") DataSize partitionSize) {}

    /**
     * How long what is not needed any more is kept.
     *
     * @param receipts after they were attested; not under an hour, because a source that crashed may send again what it
     *     had confirmed since its last checkpoint
     */
    record Retention(@DefaultValue("48h") @NotNull Duration receipts) {
        Retention {
            if (receipts.compareTo(Duration.ofHours(1)) < 0) {
                throw new IllegalArgumentException("shadow.retention.receipts is at least 1h");
            }
        }
    }

    /** @param batchesAhead most batches that are applied beside the one whose turn it is; 0: strictly one after the other */
    record Write(@DefaultValue("1") @Min(0) @Max(3) int batchesAhead) {}

    /**
     * What reads may take of the target.
     *
     * @param poolSize most reads at a time, on connections of their own
     * @param statementTimeout bound on looking up keys and on a page
     * @param scanTimeout bound on a digest, and on a stream from its first row to its last
     */
    record Read(
            @DefaultValue("4") @Min(1) @Max(50) int poolSize,
            @DefaultValue("60s") @NotNull Duration statementTimeout,
            @DefaultValue("30m") @NotNull Duration scanTimeout) {}

    /** @param mostOpen changes that may wait at once; with more than that something is wrong with more than changes */
    record DeadLetters(
            @DefaultValue("10000") @Min(1) @Max(1_000_000) int mostOpen) {}

    /** @param requiredApprovals how many different names a permit has to carry */
    record Cutover(@DefaultValue("1") @Min(1) @Max(100) int requiredApprovals) {}
}
