package io.shadowwrite.api.single;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowMetadata;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.SingleWrite;
import io.shadowwrite.protocol.WireJson;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the stream knows of a source row that somebody writes for. Thread-safe. */
final class SourceRows {

    /** Receipts are looked through from where the caller looked to where the stream is; further back it must look again. */
    static final long LONGEST_LOOK_BACK_BYTES = 64L << 20;

    private static final String PARKED = """
            select exists (select
                             from shadow.parked_key
                            where source_table = ?::smallint
                              and source_key = ?
                              and open)
            """;

    private static final String CHANGED_SINCE = """
            select exists (select
                             from shadow.event_ledger
                            where side = 1
                              and commit_lsn >= ?::pg_lsn
                              and source_table = ?::smallint
                              and source_key = ?)
            """;

    private static final String ORIGINS = """
            select source_table, source_key
              from shadow.pk_map
             where target_model = ?::smallint
               and target_key = ?
               and state = 'current'
            """;

    private final Contract contract;
    private final ShadowDatabase database;
    private final Dictionary dictionary;

    /** A source row with the number of its table. */
    private record Row(int table, String key) {}

    SourceRows(Contract contract, ShadowDatabase database, Dictionary dictionary) {
        this.contract = contract;
        this.database = database;
        this.dictionary = dictionary;
    }

    /**
     * Makes sure that the row is named as the stream would name it, or its letters and receipts would be missed.
     *
     * @throws ShadowProblem MALFORMED_REQUEST
     */
    void checkName(ShadowMetadata origin) {
        SourceTable.Mapped table = table(origin.sourceTable());
        Map<String, ColumnType> types = new LinkedHashMap<>();
        table.key()
                .forEach(name ->
                        types.put(name, Objects.requireNonNull(table.columns().get(name))));
        if (!isCanonical(origin.sourcePk(), types)) {
            throw malformed("source_pk is the canonical JSON of the key %s of %s: members by name, no white space"
                    .formatted(table.key(), table.name()));
        }
    }

    private SourceTable.Mapped table(String name) {
        if (name.indexOf('.') > 0
                && contract.sources().get(QualifiedName.parse(name)) instanceof SourceTable.Mapped mapped) {
            return mapped;
        }
        throw malformed("source_table is a table that the contract maps, schema.name");
    }

    private static boolean isCanonical(String text, Map<String, ColumnType> types) {
        try {
            Map<String, String> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> member :
                    WireJson.mapper().readTree(text).properties()) {
                values.put(member.getKey(), member.getValue().asString(""));
            }
            return CanonicalKey.json(types, values).equals(text);
        } catch (JacksonException | IllegalArgumentException notAKey) {
            return false;
        }
    }

    /**
     * Lets a write pass whose author knows the row as it is, and every other source row that made the target row; in the
     * caller's transaction, under the window's lock.
     *
     * @throws ShadowProblem BROKEN_INVARIANT, ROW_PARKED or STALE_WRITE
     */
    void checkKnown(SingleWrite write, LogSequenceNumber position) {
        LogSequenceNumber seen = write.shadowMetadata().appliedLsn();
        if (seen.compareTo(position) > 0) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "applied_lsn %s is beyond the consumer's position %s"
                            .formatted(LsnText.of(seen), LsnText.of(position)));
        }
        Set<Row> rows = rows(write);
        if (rows.stream().anyMatch(this::parked)) {
            throw new ShadowProblem(
                    ProblemType.ROW_PARKED,
                    "changes of the source row wait as dead letters; correct, replay or resolve those (GET /shadow/dlq)");
        }
        if (position.asLong() - seen.asLong() > LONGEST_LOOK_BACK_BYTES
                || rows.stream().anyMatch(row -> changedSince(seen, row))) {
            throw new ShadowProblem(
                    ProblemType.STALE_WRITE,
                    "the source row has changed since applied_lsn %s, or that is too long ago to tell; read it again"
                            .formatted(LsnText.of(seen)));
        }
    }

    /** The named one, and those that the key map knows: a write may name another row than the one that made the target row. */
    private Set<Row> rows(SingleWrite write) {
        ShadowMetadata origin = write.shadowMetadata();
        TargetModel model = Objects.requireNonNull(contract.models().get(write.model()));
        Map<String, ColumnType> types = new LinkedHashMap<>();
        model.key()
                .forEach(name ->
                        types.put(name, Objects.requireNonNull(model.columns().get(name))));
        Set<Row> rows = new LinkedHashSet<>();
        rows.add(new Row(dictionary.table(origin.sourceTable()), origin.sourcePk()));
        rows.addAll(database.jdbc()
                .sql(ORIGINS)
                .param(dictionary.model(write.model()))
                .param(CanonicalKey.json(types, write.key()))
                .query((row, _) ->
                        new Row(row.getInt("source_table"), Objects.requireNonNull(row.getString("source_key"))))
                .list());
        return rows;
    }

    private boolean parked(Row row) {
        return database.jdbc()
                .sql(PARKED)
                .param(row.table())
                .param(row.key())
                .query(Boolean.class)
                .single();
    }

    private boolean changedSince(LogSequenceNumber seen, Row row) {
        return database.jdbc()
                .sql(CHANGED_SINCE)
                .param(seen.asString())
                .param(row.table())
                .param(row.key())
                .query(Boolean.class)
                .single();
    }

    private static ShadowProblem malformed(String detail) {
        return new ShadowProblem(ProblemType.MALFORMED_REQUEST, detail);
    }
}
