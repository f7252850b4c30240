package io.shadowwrite.simulation;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.SlotInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A source server: its log, the rows at each point of it, and slots that speak wal2json. It does what docs/replication.md says
 * of PostgreSQL: a slot sends what commits at or after the later of its confirmed position and the one asked for, in commit
 * order; one session at a time reads it; what is confirmed reaches the disk at a checkpoint only, and a crash forgets the rest.
 */
final class Source {

    static final long BASELINE = 1_000;

    private final Machine machine;
    private final Mutation mutation;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final List<Committed> log = new ArrayList<>();
    private final List<Map<Long, String>> rows = new ArrayList<>(List.of(Map.of()));
    private long end = BASELINE;
    private boolean up = true;

    /** One change of a row. */
    record Change(char action, long id, long formerId, String name) {}

    /** One transaction; without changes it only beats. */
    record Committed(long xid, long commit, long end, List<Change> changes) {}

    /** A slot, and who reads it. */
    static final class Slot {
        final String name;
        long confirmed = BASELINE;
        long onDisk = BASELINE;
        long advancedTo;

        @Nullable Session reader;

        Slot(String name) {
            this.name = name;
        }
    }

    Source(Machine machine, Mutation mutation, String... slots) {
        this.machine = machine;
        this.mutation = mutation;
        for (String slot : slots) {
            this.slots.put(slot, new Slot(slot));
        }
    }

    /** Commits, and moves the log. */
    void commit(List<Change> changes) {
        Map<Long, String> after = new TreeMap<>(rows.getLast());
        for (Change change : changes) {
            after.remove(change.formerId());
            if (change.action() != 'D') {
                after.put(change.id(), change.name());
            }
        }
        long commit = end + 8L * (1 + changes.size());
        end = commit + 48;
        log.add(new Committed(log.size() + 700, commit, end, changes));
        rows.add(after);
    }

    /** Somebody else writes. */
    void moveOn() {
        end += 400;
    }

    /** Somebody advances a slot that nobody reads; false when somebody does. */
    boolean advance(String name) {
        Slot slot = slot(name);
        if (slot.reader == null) {
            slot.confirmed = end;
            slot.advancedTo = end;
        }
        return slot.reader == null;
    }

    void checkpoint() {
        slots.values().forEach(slot -> slot.onDisk = slot.confirmed);
    }

    /** Loses the sessions, and what was confirmed since the last checkpoint. */
    void crash() {
        up = false;
        for (Slot slot : slots.values()) {
            slot.confirmed = slot.onDisk;
            cut(slot.name);
            slot.reader = null;
        }
    }

    void restart() {
        up = true;
    }

    /** The connection of whoever reads it breaks. */
    void cut(String slot) {
        Session reader = slot(slot).reader;
        if (reader != null) {
            reader.abandon();
        }
    }

    Slot slot(String name) {
        return Objects.requireNonNull(slots.get(name));
    }

    /** Transactions that commit below a position. */
    int countBelow(long position) {
        int count = 0;
        while (count < log.size() && log.get(count).commit() < position) {
            count++;
        }
        return count;
    }

    List<Committed> log() {
        return log;
    }

    /** The rows after that many transactions. */
    Map<Long, String> rowsAfter(int transactions) {
        return rows.get(transactions);
    }

    long end() {
        return end;
    }

    SlotInfo look(String name) {
        requireUp();
        Slot slot = slot(name);
        return new SlotInfo(
                name,
                "wal2json",
                "app",
                false,
                slot.reader != null,
                1,
                lsn(slot.confirmed),
                lsn(0),
                "reserved",
                0,
                null);
    }

    /** Takes the slot. */
    Session read(String name, long start) {
        requireUp();
        if (slot(name).reader != null) {
            throw new StreamProblem(StreamProblem.Code.SLOT_IN_USE, "slot " + name + " is active", "Wait");
        }
        Session session = new Session(machine, this, mutation, slot(name), start);
        slot(name).reader = session;
        machine.start(new Machine.Host("walsender"), session::watch);
        return session;
    }

    void requireUp() {
        if (!up) {
            throw new StreamProblem(StreamProblem.Code.CONNECTION_REFUSED, "the source is down", "Wait");
        }
    }

    static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }
}
