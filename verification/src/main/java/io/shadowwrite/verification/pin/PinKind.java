package io.shadowwrite.verification.pin;

/** How the two sides were brought together. */
public enum PinKind {
    /** Both stand at one LSN. */
    BARRIER("barrier"),
    /** The target shows all that the source shows, and besides what was written meanwhile. */
    RACE_WINDOW("race-window");

    private final String label;

    PinKind(String label) {
        this.label = label;
    }

    /** The name that is stored. */
    public String label() {
        return label;
    }
}
