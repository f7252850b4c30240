package io.shadowwrite.cli;

import io.shadowwrite.replication.source.SourceConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the source is; its password comes from the environment only, so that no history keeps it. */
final class SourceOptions {

    static final String PASSWORD_VARIABLE = "SHADOW_SOURCE_PASSWORD";

    @Option(
            names = "--source-url",
            required = true,
            description = "jdbc:postgresql://host:port/database of the source.")
    String url = "";

    @Option(
            names = "--source-user",
            required = true,
            description = "The role to ask as; its password is in " + PASSWORD_VARIABLE + ".")
    String user = "";

    SourceConnection connection() {
        @Nullable String password = System.getenv(PASSWORD_VARIABLE);
        return new SourceConnection(url, user, password == null ? "" : password);
    }
}
