package io.shadowwrite.program;

import io.shadowwrite.replication.source.SourceConnection;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The database that is read. */
public record Source(
        String url, String user, @DefaultValue("") String password) {

    public Source {
        Settings.required("shadow.source.url", url);
        Settings.required("shadow.source.user", user);
    }

    /** How to get in. */
    public SourceConnection connection() {
        return new SourceConnection(url, user, password);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Source[" + user + "]";
    }
}
