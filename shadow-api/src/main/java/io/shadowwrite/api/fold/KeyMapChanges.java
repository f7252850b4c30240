package io.shadowwrite.api.fold;

import io.shadowwrite.protocol.TransactionWrites;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Mappings of one model that appear or change their state in a batch. Judged at the end of each source transaction, so
 * that the outcome does not depend on how transactions are grouped into batches.
 */
public final class KeyMapChanges {

    private final String model;
    private final Map<List<String>, Ended> ended = new LinkedHashMap<>();
    private final Map<SourceRow, Mapping> mappings = new LinkedHashMap<>();
    private final Map<List<String>, SourceRow> mappedHere = new LinkedHashMap<>();

    /** A source row by table and canonical key. */
    public record SourceRow(String sourceTable, String sourceKey) {}

    /** A mapping as it is to be stored. */
    public record Mapping(SourceRow source, List<String> targetKey, boolean current, LogSequenceNumber changedLsn) {}

    /** A stored mapping that ends, known by its target key only. */
    public record Ended(List<String> targetKey, LogSequenceNumber changedLsn) {}

    KeyMapChanges(String model) {
        this.model = model;
    }

    public String model() {
        return model;
    }

    /** Stored mappings to archive, before {@link #mappings()} are stored. */
    public List<Ended> ended() {
        return List.copyOf(ended.values());
    }

    public List<Mapping> mappings() {
        return List.copyOf(mappings.values());
    }

    void transition(RowState state, TransactionWrites transaction) {
        boolean passedOn = state.removedInside || state.passedOn;
        if (state.liveBefore && passedOn) {
            end(state.key, transaction.commitLsn());
        }
        if (state.live && (!state.liveBefore || passedOn)) {
            map(state.key, state.lastUpsert, transaction.commitLsn());
        }
    }

    private void end(List<String> targetKey, LogSequenceNumber lsn) {
        SourceRow mapped = mappedHere.remove(targetKey);
        Mapping mapping = mapped == null ? null : mappings.get(mapped);
        if (mapped != null && mapping != null && mapping.targetKey().equals(targetKey)) {
            mappings.put(mapped, new Mapping(mapped, targetKey, false, lsn));
        } else {
            ended.putIfAbsent(targetKey, new Ended(targetKey, lsn));
        }
    }

    /** A mapping that shows only after the batch was written; what was mapped since then stays. */
    void mapLate(RowState state) {
        Origin origin = Objects.requireNonNull(state.firstOrigin);
        Mapping later = mappings.get(new SourceRow(origin.sourceTable(), origin.sourceKey()));
        LogSequenceNumber lsn = origin.transaction().commitLsn();
        if (later == null || later.changedLsn().compareTo(lsn) <= 0) {
            map(state.key, origin, lsn);
        }
    }

    private void map(List<String> targetKey, @Nullable Origin origin, LogSequenceNumber lsn) {
        if (origin == null) {
            throw new IllegalStateException("a row of %s lives without a write".formatted(model));
        }
        SourceRow source = new SourceRow(origin.sourceTable(), origin.sourceKey());
        mappings.put(source, new Mapping(source, targetKey, true, lsn));
        mappedHere.put(targetKey, source);
    }
}
