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
    public SlotSettings slot(Slot slot, String program) {
        SlotSettings defaults = SlotSettings.of(
                new SourceConnection(url, user, password),
                slot.name(),
                program + "/" + ProcessHandle.current().pid());
        return defaults.inPartsOf(slot.partChanges(), defaults.partBytes());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Source[" + user + "]";
    }
}
