package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.Patience;
import java.time.Duration;

/** How long a cutover asks an API that does not answer. */
final class ApiPatience {

    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final String FIX = "see its log, and repeat the command";

    private ApiPatience() {}

    static Patience usual() {
        return within(USUAL);
    }

    /** For what is of no use later. */
    static Patience within(Duration bound) {
        return new Patience(bound, FIX);
    }
}
