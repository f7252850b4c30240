package io.shadowwrite.cli.draft;

import java.util.List;

/** Nothing can be drafted; the message says why, a line for each reason. */
public final class DraftRefused extends RuntimeException {

    DraftRefused(String what, List<String> reasons) {
        super("%s%n  %s".formatted(what, String.join("\n  ", reasons)));
    }
}
