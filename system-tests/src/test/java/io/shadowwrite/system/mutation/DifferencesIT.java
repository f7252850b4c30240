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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

            // Of numbers within JSON only a look tells whether they are spelled otherwise, and most are beyond the
            // looks.
            long spelled = counted(summary, " REPRESENTATION_ONLY_DIFFERENCE");
            long unseen = counted(summary, " VALUE_MISMATCH by digest only");
            assertThat(summary)
                    .startsWith("%d finding(s) (".formatted(DIFFERENCES))
                    .contains("of which the first %d are kept".formatted(DifferencesProgram.KEPT));
            assertThat(counted(summary, " MISSING_IN_RDB")).as(summary).isEqualTo(missing);
            assertThat(spelled + unseen).as(summary).isEqualTo(partners);
            assertThat(counted(summary, " VALUE_MISMATCH")).as(summary).isEqualTo(changed + addresses + unseen);
            House.measured("differences: " + summary + ", in a heap of " + heap());
        }
    }

    private static long counted(String summary, String what) {
        Matcher found = Pattern.compile("(\\d+)" + what).matcher(summary);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
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
