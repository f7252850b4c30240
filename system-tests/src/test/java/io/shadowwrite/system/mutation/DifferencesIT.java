package io.shadowwrite.system.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.House;
import io.shadowwrite.system.bench.verify.Sides;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When nearly every row is wrong, every one of them still gets its class, in a heap that does not grow with them. {@code
 * -Dverify.differences=1000000} makes a million.
 */
class DifferencesIT {

    private static final long DIFFERENCES = Long.getLong("verify.differences", 20_000);
    private static final Duration PATIENCE = Duration.ofHours(1);

    @Test
    @Timeout(3_600)
    void countsEveryDifferenceByItsClassInABoundedHeap() throws IOException, InterruptedException {
        long partners = DIFFERENCES / 10;
        try (Sides sides = Sides.of(Checkout.HOME, DIFFERENCES)) {
            Database target = sides.target();
            target.execute(
                    "update unified.party set attributes = jsonb_set(attributes, '{score}', ((attributes ->> 'score') || '.0')::jsonb)"
                            + " where valid_to is null",
                    "update unified.contact set phone = phone || '!' where valid_to is null and get_byte(uuid_send(contact_id), 15) % 2 = 0",
                    "delete from unified.contact where valid_to is null and get_byte(uuid_send(contact_id), 15) % 2 = 1",
                    "update unified.address set city = upper(city) where valid_to is null");
            long changed = target.queryForLong("select count(*) from unified.contact where valid_to is null");
            long addresses = target.queryForLong("select count(*) from unified.address where valid_to is null");
            long missing = DIFFERENCES * 45 / 100 - changed;

            String summary = summary(sides);

            assertThat(summary)
                    .isEqualTo(
                            "%d finding(s) (%d MISSING_IN_RDB, %d VALUE_MISMATCH, %d REPRESENTATION_ONLY_DIFFERENCE) of which the first %d are kept",
                            DIFFERENCES, missing, changed + addresses, partners, DifferencesProgram.KEPT);
            House.measured("differences: " + summary + ", in a heap of " + heap());
        }
    }

    private static String heap() {
        return System.getProperty("verify.heap", "128m");
    }

    private static String summary(Sides sides) throws IOException, InterruptedException {
        Path errors = Checkout.freshDirectory("differences").resolve("errors.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap(),
                        "-XX:+UseSerialGC",
                        "-Duser.timezone=UTC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DifferencesProgram.class.getName(),
                        String.valueOf(sides.source().port()),
                        String.valueOf(sides.target().port()))
                .redirectError(errors.toFile())
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("see " + errors).isZero();
            return output.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
