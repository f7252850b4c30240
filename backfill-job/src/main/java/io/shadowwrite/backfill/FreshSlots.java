package io.shadowwrite.backfill;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes room for the two slots. A slot is dropped only if a run of this job can have made it. For one thread. */
final class FreshSlots {

    private static final Logger LOG = LoggerFactory.getLogger(FreshSlots.class);
    private static final String PLUGIN = "wal2json";

    private final ReplicationSlots slots;
    private final BackfillProperties properties;

    FreshSlots(ReplicationSlots slots, BackfillProperties properties) {
        this.slots = slots;
        this.properties = properties;
    }

    /** Drops what an earlier run left, with leave to do so. */
    void makeRoom() {
        for (String name :
                new String[] {properties.slots().consumer(), properties.slots().verifier()}) {
            SlotInfo leftover = slots.find(name).orElse(null);
            if (leftover != null) {
                requireOurs(leftover);
                requireLeave(leftover);
                LOG.warn("Slot {} exists though no window is open, and is replaced", name);
                slots.drop(name);
            }
        }
    }

    /** Drops what this run has created and told nobody of; a slot that somebody else made meanwhile stays. */
    void takeBack(RuntimeException reason) {
        if (reason instanceof StreamProblem problem && problem.code() == StreamProblem.Code.SLOT_EXISTS) {
            return;
        }
        try {
            slots.drop(properties.slots().consumer());
            slots.drop(properties.slots().verifier());
        } catch (StreamProblem left) {
            LOG.warn("A slot of this run may be left behind: {}", left.getMessage());
        }
    }

    /** Whatever else it is, somebody needs it. */
    static void requireOurs(SlotInfo slot) {
        if (!slot.plugin().equals(PLUGIN)) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_OTHER_PLUGIN,
                    "slot " + slot.name() + " decodes with " + slot.plugin(),
                    "Choose other names with shadow.slots.consumer and shadow.slots.verifier, or drop it if nobody needs it");
        }
        if (slot.active()) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_IN_USE,
                    "slot " + slot.name() + " is read by process " + slot.activePid() + " though no window is open",
                    "Choose other names with shadow.slots.consumer and shadow.slots.verifier, or stop that reader");
        }
    }

    /** The API that was asked may be the wrong one, and then the slot may hold changes that somebody waits for. */
    private void requireLeave(SlotInfo slot) {
        if (!properties.slots().replace()) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_EXISTS,
                    "slot " + slot.name() + " exists, and " + properties.api().url() + " knows of no open window",
                    "If a run of this job died before, repeat it with --shadow.slots.replace=true; otherwise check shadow.api.url");
        }
    }
}
