package io.shadowwrite.replication;

import java.util.List;

/** Stands where a body is still to be written. */
public final class NotYet {

    private NotYet() {}

    /** Always fails. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // never returns
    public static <T> T written(Object... arguments) {
        return List.<T>of().stream()
                .findFirst()
                .orElseThrow(() -> new UnsupportedOperationException("not yet written, " + arguments.length));
    }
}
