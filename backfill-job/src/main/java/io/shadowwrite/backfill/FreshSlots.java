package io.shadowwrite.backfill;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes room for the two slots. A slot is dropped only if a run of this job can have made it. For one thread. */
final class FreshSlots {

    private static final Logger LOG = LoggerFactory.getLogger(FreshSlots.class);
    private static final String PLUGIN = "wal2json";

    private final ReplicationSlots slots;
    private final BackfillProperties properties;
    private final String database;

    /** @param connection to the source, in auto-commit mode */
    FreshSlots(Connection connection, BackfillProperties properties) throws SQLException {
        this.slots = new ReplicationSlots(connection);
        this.properties = properties;
        this.database = connection.getCatalog();
    }

    /** The one of that name, if there is any. */
    Optional<SlotInfo> find(String name) {
        return slots.find(name);
    }

    void drop(String name) {
        slots.drop(name);
    }

    /** Drops what an earlier run left, with leave to do so. */
    void makeRoom() {
        for (String name : names()) {
            SlotInfo leftover = slots.find(name).orElse(null);
            if (leftover != null) {
                requireOurs(leftover);
                requireLeave(leftover);
                LOG.warn("Slot {} exists though no window is open, and is replaced", name);
                slots.drop(name);
            }
        }
    }

    /** Drops what this run has created and nobody knows of; a slot that somebody else made meanwhile stays. */
    void takeBack(Exception reason) {
        if (reason instanceof StreamProblem problem && problem.code() == StreamProblem.Code.SLOT_EXISTS) {
            return;
        }
        try {
            for (String name : names()) {
                if (slots.find(name).filter(this::canBeOurs).isPresent()) {
                    slots.drop(name);
                }
            }
        } catch (StreamProblem left) {
            LOG.warn("A slot of this run may be left behind: {}", left.getMessage());
        }
    }

    private List<String> names() {
        return List.of(properties.slots().consumer(), properties.slots().verifier());
    }

    private boolean canBeOurs(SlotInfo slot) {
        return slot.plugin().equals(PLUGIN) && slot.database().equals(database);
    }

    /** Whatever else it is, somebody needs it. */
    void requireOurs(SlotInfo slot) {
        if (!slot.database().equals(database)) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_OTHER_DATABASE,
                    "slot %s belongs to database %s, not %s".formatted(slot.name(), slot.database(), database),
                    "Another migration may stream from it: choose other names with shadow.slots.consumer and shadow.slots.verifier, or correct the database in shadow.source.url");
        }
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
    void requireLeave(SlotInfo slot) {
        if (!properties.slots().replace()) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_EXISTS,
                    "slot " + slot.name() + " exists, and " + properties.api().url() + " knows of no open window",
                    "If a run of this job died before, repeat this with --shadow.slots.replace=true; otherwise check shadow.api.url");
        }
    }
}
