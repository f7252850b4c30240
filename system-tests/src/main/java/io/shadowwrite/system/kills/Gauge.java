package io.shadowwrite.system.kills;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.DatabaseFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Reads slots and stored positions while everything dies, past all programs: no slot may ever have been told more than the
 * target has stored, no stored position may go back, and nobody may halt. Confined to one thread.
 */
final class Gauge {

    private static final String SLOTS = """
            SELECT concat_ws(' ', slot_name, confirmed_flush_lsn, pg_current_wal_lsn()) FROM pg_replication_slots
             WHERE slot_name IN (?, ?)
            """;

    private static final String STORED = """
            SELECT concat_ws(' ', side, position, state, reason) FROM shadow.reader_position
            """;

    private final Database source;
    private final Database target;
    private final Map<Side, String> slots = new EnumMap<>(Side.class);
    private final Map<Side, LogSequenceNumber> confirmed = new EnumMap<>(Side.class);
    private final Map<Side, LogSequenceNumber> stored = new EnumMap<>(Side.class);
    private final Set<String> broken = new LinkedHashSet<>();
    private final List<Recovery> recoveries = new ArrayList<>();
    private int comparisons;

    Gauge(Database source, Database target, String consumerSlot, String verifierSlot) {
        this.source = source;
        this.target = target;
        slots.put(Side.CONSUMER, consumerSlot);
        slots.put(Side.VERIFIER, verifierSlot);
    }

    /** Somebody was started again. */
    void started(List<Victim> victims) {
        recoveries.add(new Recovery(victims));
    }

    /** Somebody is about to be killed, or was cut off. */
    void disturbed() {
        recoveries.forEach(Recovery::disturb);
    }

    /** Looks once; a database that is down is simply not seen. The slots come first: what is stored only grows. */
    void look() {
        boolean sourceSeen = lookAtSource();
        if (lookAtTarget() && sourceSeen) {
            comparisons++;
        }
    }

    private boolean lookAtSource() {
        List<@Nullable String> rows = ask(source, SLOTS, slotOf(Side.CONSUMER), slotOf(Side.VERIFIER));
        for (String row : rows) {
            String[] parts = Objects.requireNonNull(row).split(" ", 3);
            Side side = parts[0].equals(slotOf(Side.CONSUMER)) ? Side.CONSUMER : Side.VERIFIER;
            confirmed.merge(side, LogSequenceNumber.valueOf(parts[1]), Gauge::later);
            LogSequenceNumber now = LogSequenceNumber.valueOf(parts[2]);
            recoveries.forEach(recovery -> recovery.sourceHas(now));
        }
        return !rows.isEmpty();
    }

    private String slotOf(Side side) {
        return Objects.requireNonNull(slots.get(side));
    }

    private boolean lookAtTarget() {
        List<@Nullable String> rows = ask(target, STORED);
        for (String row : rows) {
            String[] parts = Objects.requireNonNull(row).split(" ", 4);
            Side side = parts[0].equals("1") ? Side.CONSUMER : Side.VERIFIER;
            LogSequenceNumber position = LogSequenceNumber.valueOf(parts[1]);
            LogSequenceNumber before = stored.put(side, position);
            if (before != null && position.compareTo(before) < 0) {
                broken.add("the stored position of %s went back from %s to %s"
                        .formatted(side, before.asString(), position.asString()));
            }
            LogSequenceNumber told = confirmed.get(side);
            if (told != null && told.compareTo(position) > 0) {
                broken.add("the slot of %s was told %s, stored is %s"
                        .formatted(side, told.asString(), position.asString()));
            }
            if (parts[2].equals("HALTED")) {
                broken.add("%s halted: %s".formatted(side, parts.length > 3 ? parts[3] : ""));
            }
        }
        if (rows.size() == 2) {
            LogSequenceNumber both = earlier(stored.get(Side.CONSUMER), stored.get(Side.VERIFIER));
            recoveries.forEach(recovery -> recovery.stored(both));
        }
        return !rows.isEmpty();
    }

    private static List<@Nullable String> ask(Database database, String sql, Object... parameters) {
        try {
            return database.queryForList(sql, parameters);
        } catch (DatabaseFailure down) {
            return List.of();
        }
    }

    private static LogSequenceNumber later(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static LogSequenceNumber earlier(@Nullable LogSequenceNumber one, @Nullable LogSequenceNumber other) {
        Objects.requireNonNull(one);
        Objects.requireNonNull(other);
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Whether everybody has caught up with the last start. */
    boolean recovered() {
        return recoveries.stream().allMatch(Recovery::isOver);
    }

    List<Recovery> recoveries() {
        return recoveries;
    }

    /** How often slots and stored positions were compared. */
    int comparisons() {
        return comparisons;
    }

    /** What must never be seen and was. */
    List<String> broken() {
        return List.copyOf(broken);
    }
}
