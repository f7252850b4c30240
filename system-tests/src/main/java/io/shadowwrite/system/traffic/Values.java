package io.shadowwrite.system.traffic;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Random values of every type the source has, the awkward ones among them often. No NaN and no infinite number: logical
 * decoding cannot tell them from NULL.
 */
final class Values {

    private static final List<String> CURRENCIES = List.of("EUR", "USD", "CHF", "JPY", "GBP");
    private static final List<String> COUNTRIES = List.of("DE", "AT", "FR", "NL", "US", "JP", "CH", "GB");
    private static final List<String> SYLLABLES =
            List.of("ka", "lo", "mi", "ren", "tas", "vo", "zü", "ber", "no", "quel", "sha", "dør", "ń", "ox");
    private static final List<BigDecimal> AMOUNTS = List.of(
            new BigDecimal("0"),
            new BigDecimal("0.000000001"),
            new BigDecimal("-0.000000001"),
            new BigDecimal("99999999999999999999999999999.999999999"),
            new BigDecimal("-99999999999999999999999999999.999999999"),
            new BigDecimal("1.10"));
    private static final List<BigDecimal> UNBOUNDED = List.of(
            new BigDecimal("0.10000000000000000000001"),
            new BigDecimal("1.0"),
            new BigDecimal("1.00"),
            new BigDecimal("0.00"),
            BigDecimal.TEN.pow(60),
            new BigDecimal(BigInteger.ONE, 40));
    private static final List<Double> DOUBLES = List.of(
            0.1, -0.0, 0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e15, 1e-5, 123456789012345680.0);
    private static final List<Float> REALS = List.of(0.1f, Float.MIN_VALUE, Float.MAX_VALUE, -1.5f, 1e10f, 16777216f);
    private static final List<String> INTERVALS = List.of(
            "1 year 2 mons 3 days 04:05:06.000007",
            "-1 year -2 mons +3 days -04:05:06",
            "00:00:00",
            "30 days",
            "1 mon",
            "720:00:00",
            "-3 days",
            "14 days 00:00:00.5");
    /** Hours that exist twice or not at all in Berlin or New York, and the ends of days and years. */
    private static final List<LocalDateTime> LOCAL_TIMES = List.of(
            LocalDateTime.parse("2025-10-26T02:30:00"),
            LocalDateTime.parse("2025-03-30T02:30:00"),
            LocalDateTime.parse("2025-11-02T01:30:00.000001"),
            LocalDateTime.parse("2026-03-08T02:59:59.999999"),
            LocalDateTime.parse("1999-12-31T23:59:59.999999"),
            LocalDateTime.parse("2000-02-29T00:00:00"));

    private static final List<LocalDate> DATES = List.of(
            LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31), LocalDate.of(1900, 2, 28), LocalDate.of(2024, 2, 29));
    private static final LocalDateTime EPOCH = LocalDateTime.of(1990, 1, 1, 0, 0);
    private static final long FORTY_YEARS_MICROS = 40L * 365 * 24 * 3600 * 1_000_000;

    private final SplittableRandom random;
    private final Texts texts;

    Values(SplittableRandom random) {
        this.random = random;
        this.texts = new Texts(random);
    }

    Texts texts() {
        return texts;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Both ends included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** NULL in a fifth of the cases. */
    <T> @Nullable T maybe(Supplier<T> value) {
        return chance(20) ? null : value.get();
    }

    /** A random point in the key space of a table: where a search begins, or a new key that is most likely free. */
    Row keyOf(Table table) {
        return switch (table) {
            case CURRENCY -> Row.of(pick(CURRENCIES));
            case COUNTRY -> Row.of(country());
            case TAG -> Row.of(word());
            case PARTNER -> Row.of(partnerId());
            case CONTACT, ACCOUNT, PRICE_LIST -> Row.of(uuid());
            case ADDRESS -> Row.of(partnerId(), between(1, 9));
            case DOCUMENT, NOTE, RATING -> Row.of(random.nextLong());
            case AGREEMENT -> Row.of(agreementNumber());
            case LINE -> Row.of(agreementNumber(), 0);
            case PARTNER_TAG -> Row.of(partnerId(), word());
            case PARTNER_PRICE_LIST -> Row.of(partnerId(), uuid());
            case PRICE -> Row.of(uuid(), product(), priceDate());
            case AUDIT_LOG -> Row.of(random.nextLong(1, 10_000));
        };
    }

    /** Any positive bigint, so that most do not fit a double. */
    long partnerId() {
        return random.nextLong(1, Long.MAX_VALUE);
    }

    long id() {
        return random.nextLong();
    }

    UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    String agreementNumber() {
        return "AG-%08X%s".formatted(random.nextInt(), chance(10) ? texts.awkward() : "");
    }

    String country() {
        return pick(COUNTRIES);
    }

    String currency() {
        return pick(CURRENCIES);
    }

    String product() {
        return "P%04d".formatted(random.nextInt(3000));
    }

    String word() {
        StringBuilder word = new StringBuilder();
        for (int i = between(2, 4); i > 0; i--) {
            word.append(pick(SYLLABLES));
        }
        return word.toString();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** For numeric(38,9). */
    BigDecimal amount() {
        return chance(20) ? pick(AMOUNTS) : BigDecimal.valueOf(random.nextLong(), 9);
    }

    /** For numeric without precision. */
    BigDecimal unbounded() {
        return chance(40) ? pick(UNBOUNDED) : BigDecimal.valueOf(random.nextLong(1_000_000_000L), between(0, 12));
    }

    /** Within a precision and scale. */
    BigDecimal decimal(int digits, int scale) {
        return BigDecimal.valueOf(random.nextLong((long) Math.pow(10, digits)), scale);
    }

    Double real8() {
        return chance(30) ? pick(DOUBLES) : Double.valueOf(random.nextDouble(-180, 180));
    }

    Float real4() {
        return chance(30) ? pick(REALS) : Float.valueOf(random.nextFloat());
    }

    long cents() {
        return chance(10) ? pick(Long.MAX_VALUE, Long.MIN_VALUE, 0L, 1L, -1L) : random.nextLong(1_000_000_000L);
    }

    String interval() {
        return pick(INTERVALS);
    }

    LocalDateTime localTime() {
        return chance(20) ? pick(LOCAL_TIMES) : EPOCH.plusNanos(random.nextLong(FORTY_YEARS_MICROS) * 1000);
    }

    OffsetDateTime instant() {
        return localTime().atOffset(ZoneOffset.UTC);
    }

    LocalDate date() {
        return chance(10) ? pick(DATES) : LocalDate.of(1950, 1, 1).plusDays(random.nextInt(30_000));
    }

    /** In any partition of the prices, the one for all other years included. */
    LocalDate priceDate() {
        return LocalDate.of(between(2023, 2027), between(1, 12), between(1, 28));
    }

    LocalTime time() {
        return chance(20)
                ? pick(LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59, 999_999_000))
                : LocalTime.ofSecondOfDay(random.nextInt(86_400));
    }

    Integer[] weekdays() {
        Integer[] days = new Integer[between(0, 5)];
        for (int i = 0; i < days.length; i++) {
            days[i] = random.nextInt(7);
        }
        return days;
    }
}
