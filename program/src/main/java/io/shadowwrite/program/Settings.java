package io.shadowwrite.program;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the binder leaves to be checked. */
public final class Settings {

    private Settings() {}

    /** The binder passes null for what nobody set, whatever the type says. */
    public static void required(String key, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException(key + " is missing");
        }
    }

    public static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " must be positive");
        }
    }

    public static void positive(String key, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(key + " must be positive");
        }
    }
}
