package io.shadowwrite.delivery.start;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The slot that is read.
 *
 * @param partChanges row changes above which a transaction travels in parts, and of one part
 */
public record Slot(String name, @DefaultValue("5000") int partChanges) {

    public Slot {
        Settings.required("shadow.slot.name", name);
        Settings.positive("shadow.slot.part-changes", partChanges);
    }
}
