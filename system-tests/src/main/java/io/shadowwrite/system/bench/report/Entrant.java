package io.shadowwrite.system.bench.report;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Who takes part. */
public enum Entrant {
    OURS("ours", "shadow-write"),
    OURS_BESIDE_READER("reader", "shadow-write, slot reader beside it"),
    NATIVE_OFF("native-off", "subscription, synchronous_commit off"),
    NATIVE_ON("native-on", "subscription, synchronous_commit on"),
    DEBEZIUM("debezium", "Debezium with JDBC sink");

    private final String code;
    private final String title;

    Entrant(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The name on the command line and in JSON. */
    public String code() {
        return code;
    }

    /** The name in the table. */
    public String title() {
        return title;
    }

    /** The entrant of that code; an {@link IllegalArgumentException} that names all of them when there is none. */
    public static Entrant of(String code) {
        return Arrays.stream(values())
                .filter(entrant -> entrant.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no entrant '%s', only %s"
                        .formatted(
                                code, Arrays.stream(values()).map(Entrant::code).collect(Collectors.joining(", ")))));
    }
}
