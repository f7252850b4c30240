package io.shadowwrite.delivery.start;

import io.shadowwrite.program.Settings;
import io.shadowwrite.program.Source;
import io.shadowwrite.replication.stream.SlotSettings;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The slot that is read.
 *
 * @param partChanges row changes above which a transaction travels in parts, and of one part
 */
public record Slot(String name, @DefaultValue("2500") int partChanges) {

    public Slot {
        Settings.required("shadow.slot.name", name);
        Settings.positive("shadow.slot.part-changes", partChanges);
    }

    /** How one process of a program reads it. */
    public SlotSettings of(Source source, String program) {
        SlotSettings defaults = SlotSettings.of(
                source.connection(),
                name,
                program + "/" + ProcessHandle.current().pid());
        return defaults.inPartsOf(partChanges, defaults.partBytes());
    }
}
