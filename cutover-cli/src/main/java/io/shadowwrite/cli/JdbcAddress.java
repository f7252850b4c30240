package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;

/** What an address of a database has to look like. It is never printed, because somebody may have put a password into it. */
final class JdbcAddress {

    private static final String PREFIX = "jdbc:postgresql:";

    private JdbcAddress() {}

    /** Refuses another address before a driver sees it, which prints what it does not understand. */
    static void require(String option, String url) {
        if (!url.startsWith(PREFIX) || url.split("\\?", 2)[0].contains("@")) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "%s is jdbc:postgresql://host:port/database, without a user or a password".formatted(option),
                    null);
        }
    }
}
