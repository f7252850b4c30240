package io.shadowwrite.delivery.start;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.stream.SlotSettings;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The database that is read. */
public record Source(
        String url, String user, @DefaultValue("") String password) {

    public Source {
        Settings.required("shadow.source.url", url);
        Settings.required("shadow.source.user", user);
    }

    /** One of its slots, read by one process of a program. */
    public SlotSettings slot(String name, String program) {
        return SlotSettings.of(
                new SourceConnection(url, user, password),
                name,
                program + "/" + ProcessHandle.current().pid());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Source[" + user + "]";
    }
}
