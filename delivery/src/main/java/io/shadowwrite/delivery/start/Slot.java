package io.shadowwrite.delivery.start;

import io.shadowwrite.program.Settings;
import io.shadowwrite.program.Source;
import io.shadowwrite.replication.stream.SlotSettings;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The slot that is read.
 *
 * @param partChanges row changes above which a transaction travels in parts, and of one part; the next one is read meanwhile,
 *     so both must fit what a reader holds
 */
public record Slot(String name, @DefaultValue("2500") int partChanges) {

    private static final int MOST_PART_CHANGES = SlotSettings.MOST_IN_FLIGHT_CHANGES / 2;

    public Slot {
        Settings.required("shadow.slot.name", name);
        Settings.positive("shadow.slot.part-changes", partChanges);
        if (partChanges > MOST_PART_CHANGES) {
            throw new IllegalArgumentException(
                    "shadow.slot.part-changes is %d and at most %d: a reader holds %d changes, the part that is on its way and the next; set it to %d or less"
                            .formatted(
                                    partChanges,
                                    MOST_PART_CHANGES,
                                    SlotSettings.MOST_IN_FLIGHT_CHANGES,
                                    MOST_PART_CHANGES));
        }
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
