package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** Values as a user might write them in SQL, from a seed; with the awkward ones well represented. */
final class RandomValues {

    static final List<String> TYPES = List.of(
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "numeric(20,4)",
            "real",
            "double precision",
            "text",
            "character varying(30)",
            "character(12)",
            "uuid",
            "bytea",
            "date",
            "time without time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "interval",
            "jsonb",
            "text[]",
            "numeric[]");

    static final List<String> KEY_TYPES = List.of(
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "numeric(20,4)",
            "text",
            "character varying(30)",
            "character(12)",
            "uuid",
            "bytea",
            "date",
            "timestamp without time zone",
            "timestamp with time zone");

    private static final String AWKWARD = "'\"\\/,{}[]\b\f\n\r\t\u0001\u001f\u007f\u00e4\u2028\ue000";

    private final Random random;

    RandomValues(long seed) {
        this.random = new Random(seed);
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    int upTo(int most) {
        return random.nextInt(most) + 1;
    }

    String of(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean() ? "true" : "false";
            case INTEGER -> integer(type.sql());
            case DECIMAL -> decimal(type.sql());
            case FLOAT -> floating(type.sql());
            case TEXT, BLANK_PADDED -> text(12);
            case UUID -> new UUID(random.nextLong(), random.nextLong()).toString();
            case BYTEA -> bytes();
            case DATE -> instant().toLocalDate().toString().replaceFirst("^\\+", "");
            case TIME -> instant().toLocalTime().toString();
            case TIMESTAMP -> timestamp("");
            case TIMESTAMPTZ -> timestamp(pick(List.of("Z", "+05:30", "-11", "+00")));
            case INTERVAL ->
                "%d months %d days %d microseconds"
                        .formatted(random.nextInt(-500, 500), random.nextInt(-99, 99), random.nextLong(1L << 40));
            case JSON, JSONB -> "{\"b\": %s, \"a\": [1.50, null]}".formatted(random.nextInt());
            case ARRAY -> "{%d,NULL,%s}".formatted(random.nextInt(), decimal("numeric(20,4)"));
            case OTHER -> throw new IllegalArgumentException("no values of " + type.sql());
        };
    }

    String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(AWKWARD.charAt(random.nextInt(AWKWARD.length())));
                case 1 -> text.append(' ');
                case 2 -> text.appendCodePoint(0x1f600 + random.nextInt(50));
                default -> text.append((char) ('A' + random.nextInt(50)));
            }
        }
        return text.toString();
    }

    private String integer(String sql) {
        return switch (sql) {
            case "smallint" -> String.valueOf((short) random.nextInt());
            case "integer" -> String.valueOf(random.nextInt());
            default -> String.valueOf(random.nextLong());
        };
    }

    private String decimal(String sql) {
        if (random.nextInt(10) == 0) {
            return "NaN";
        }
        String digits = String.valueOf(random.nextLong(1_000_000_000_000L));
        String fraction = "%04d".formatted(random.nextInt(10_000)).substring(0, random.nextInt(5));
        String exponent = sql.equals("numeric") && random.nextInt(3) == 0 ? "e" + random.nextInt(-40, 40) : "";
        return pick(List.of("", "-", "+")) + digits + (fraction.isEmpty() ? "" : "." + fraction) + exponent;
    }

    private String floating(String sql) {
        double value = sql.equals("real")
                ? Float.intBitsToFloat(random.nextInt())
                : Double.longBitsToDouble(random.nextLong());
        return switch (random.nextInt(4)) {
            case 0 -> String.valueOf(random.nextInt(-1_000, 1_000) / 8.0);
            case 1 -> pick(List.of("NaN", "Infinity", "-Infinity", "-0", "1e15", "1e-5", "100000", "1e6"));
            default -> sql.equals("real") ? String.valueOf((float) value) : String.valueOf(value);
        };
    }

    private String bytes() {
        StringBuilder hex = new StringBuilder("\\x");
        for (int i = random.nextInt(8); i > 0; i--) {
            hex.append("%02X".formatted(random.nextInt(256)));
        }
        return hex.toString();
    }

    private String timestamp(String zone) {
        if (random.nextInt(10) == 0) {
            return random.nextBoolean() ? "infinity" : "-infinity";
        }
        LocalDateTime at = instant();
        String fraction = "%06d".formatted(at.getNano() / 1000).substring(0, random.nextInt(1, 7));
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d.%s%s",
                at.getYear(),
                at.getMonthValue(),
                at.getDayOfMonth(),
                at.getHour(),
                at.getMinute(),
                at.getSecond(),
                fraction,
                zone);
    }

    private LocalDateTime instant() {
        long second = random.nextLong(-62_000_000_000L, random.nextInt(5) == 0 ? 9_000_000_000_000L : 5_000_000_000L);
        return LocalDateTime.ofEpochSecond(second, random.nextInt(1_000_000) * 1000, ZoneOffset.UTC);
    }
}
