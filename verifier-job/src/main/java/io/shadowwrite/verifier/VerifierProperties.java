package io.shadowwrite.verifier;

import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Settings;
import io.shadowwrite.program.Source;
import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.verification.session.TargetConnection;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set under {@code shadow}. An unknown or missing key stops the start.
 *
 * @param disabled whether the program ends at once without looking at anything
 * @param migrationId the migration's name
 */
@ConfigurationProperties(prefix = "shadow", ignoreUnknownFields = false)
record VerifierProperties(
        @DefaultValue("false") boolean disabled,
        String migrationId,
        @DefaultValue ContractFile contract,
        @DefaultValue Api api,
        @DefaultValue Source source,
        @DefaultValue Target target,
        @DefaultValue Verifier verifier) {

    VerifierProperties {
        Settings.required("shadow.migration-id", migrationId);
    }

    /**
     * The API that keeps the verdicts and holds the consumer.
     *
     * @param timeout bound on one exchange
     * @param patience how long an API that does not answer is asked again, before the run and after it
     */
    record Api(
            @DefaultValue("http://localhost:8080") URI url,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("30s") Duration patience,
            @DefaultValue("") String token) {
        Api {
            positive("shadow.api.timeout", timeout);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Api[" + url + "]";
        }
    }

    /** The database that replaces it; needed by every mode that reads it with SQL. */
    record Target(
            @DefaultValue("") String url,
            @DefaultValue("") String user,
            @DefaultValue("") String password) {

        /**
         * How to get in.
         *
         * @throws StartFailure INVALID when nobody said where it is
         */
        TargetConnection connection() {
            try {
                Settings.required("shadow.target.url", url);
                Settings.required("shadow.target.user", user);
                return new TargetConnection(url, user, password);
            } catch (IllegalArgumentException e) {
                throw new StartFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
            }
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Target[" + user + "]";
        }
    }

    /**
     * How a tick works and what bounds it.
     *
     * @param readers connections per database that read at a time
     * @param bucketBits logarithm of the number of buckets per model
     * @param fetchSize rows per round trip where buckets differ
     * @param findingsCap findings kept with their images; all are counted
     * @param allowEmpty whether two empty databases may be called clean
     * @param holdLease how long the consumer stays held when this program dies
     * @param barrierTimeout how long the readers may take to arrive at the pinned LSN, or to pass a race window
     * @param pinPatience how long a pin that is not possible is tried again; zero for one try
     * @param longTransactionLimit an older open source transaction refuses the barrier at once
     * @param slotWait how long slot creation may wait for younger ones, while the consumer is held
     * @param statementTimeout bound on any single query
     * @param tickTimeout bound on everything between the pin and the verdict
     */
    record Verifier(
            @DefaultValue("2") int readers,
            @DefaultValue("12") int bucketBits,
            @DefaultValue("1000") int fetchSize,
            @DefaultValue("1000") int findingsCap,
            @DefaultValue("false") boolean allowEmpty,
            @DefaultValue("15s") Duration holdLease,
            @DefaultValue("30s") Duration barrierTimeout,
            @DefaultValue("2m") Duration pinPatience,
            @DefaultValue("5s") Duration longTransactionLimit,
            @DefaultValue("5s") Duration slotWait,
            @DefaultValue("50m") Duration statementTimeout,
            @DefaultValue("55m") Duration tickTimeout) {
        Verifier {
            between("shadow.verifier.readers", readers, 1, 32);
            between("shadow.verifier.bucket-bits", bucketBits, 1, 16);
            between("shadow.verifier.fetch-size", fetchSize, 1, 100_000);
            between("shadow.verifier.findings-cap", findingsCap, 1, 100_000);
            positive("shadow.verifier.hold-lease", holdLease.minusSeconds(2));
            positive("shadow.verifier.barrier-timeout", barrierTimeout);
            positive("shadow.verifier.pin-patience", pinPatience.plusNanos(1));
            positive("shadow.verifier.long-transaction-limit", longTransactionLimit);
            positive("shadow.verifier.slot-wait", slotWait);
            positive("shadow.verifier.statement-timeout", statementTimeout);
            positive("shadow.verifier.tick-timeout", tickTimeout);
        }
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " is too short");
        }
    }

    private static void between(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be " + least + " to " + most);
        }
    }
}
