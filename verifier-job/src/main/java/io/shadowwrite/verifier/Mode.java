package io.shadowwrite.verifier;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which verification. */
enum Mode {
    /** Both databases at a pin, while everything runs; the one that counts for the run of clean hours. */
    HOURLY("hourly"),
    /** What a backfill loaded, before the stream goes on from there. */
    POST_BACKFILL("post-backfill"),
    /** While writers are paused, with the target asked through the API only; what a permit rests on. */
    CUTOVER("cutover");

    private final String label;

    Mode(String label) {
        this.label = label;
    }

    /** As it is asked for and stored. */
    String label() {
        return label;
    }

    /** The mode of that name. */
    static Optional<Mode> of(String label) {
        return Arrays.stream(values()).filter(mode -> mode.label.equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(mode -> "--mode=" + mode.label).collect(Collectors.joining(", "));
    }
}
