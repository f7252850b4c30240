package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.RowPage;
import io.shadowwrite.protocol.RowVersions;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TargetRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Pages, single rows and look-ups, bounded in rows and in characters. Thread-safe. */
final class Rows {

    static final int MOST_ROWS = 5_000;

    /** Most versions of one key. */
    private static final int MOST_VERSIONS = 1_000;

    /** Of values and keys in one answer; the row that goes beyond it is still in. */
    private static final long MOST_CHARACTERS = 8L * 1024 * 1024;

    private static final int FETCH_ROWS = 200;

    private final ReadDatabase database;
    private final Snapshots snapshots;
    private final LastEvents events;

    /** Some rows, and whether there were more. */
    private record Cut(List<TargetRow> rows, boolean more) {}

    Rows(ReadDatabase database, Snapshots snapshots, LastEvents events) {
        this.database = database;
        this.snapshots = snapshots;
        this.events = events;
    }

    RowPage page(
            ReadModel model,
            LogSequenceNumber asOf,
            @Nullable LogSequenceNumber since,
            int limit,
            @Nullable String after) {
        if (limit < 1 || limit > MOST_ROWS) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "limit is 1 to " + MOST_ROWS);
        }
        Keys behind = after == null ? null : Keys.parse(model, List.of(after));
        return snapshots.byIndex(asOf, snapshot -> {
            LogSequenceNumber from = snapshot.eventsSince(asOf, since);
            Cut cut = cut(model, statement(model, behind).param(limit + 1), limit);
            List<TargetRow> rows = withEvents(model, cut.rows(), from, snapshot);
            return new RowPage(
                    snapshot.position(), from, rows, cut.more() ? rows.getLast().key() : null);
        });
    }

    private JdbcClient.StatementSpec statement(ReadModel model, @Nullable Keys behind) {
        if (behind == null) {
            return database.jdbc().sql(model.sql().first());
        }
        behind.check(model, database);
        return database.jdbc().sql(model.sql().after()).params(behind.only());
    }

    RowVersions current(ReadModel model, String key, LogSequenceNumber asOf, @Nullable LogSequenceNumber since) {
        Keys keys = Keys.parse(model, List.of(key));
        return snapshots.byIndex(asOf, snapshot -> {
            LogSequenceNumber from = snapshot.eventsSince(asOf, since);
            TargetRow row = found(model, keys, 1, from, snapshot).getFirst();
            if (row == null) {
                throw notFound(model);
            }
            return new RowVersions(snapshot.position(), from, List.of(row), true);
        });
    }

    RowVersions history(ReadModel model, String key, LogSequenceNumber asOf, @Nullable LogSequenceNumber since) {
        if (!(model.model() instanceof TargetModel.Scd2 scd2)) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "model %s keeps no versions; ask without history".formatted(model.name()));
        }
        Keys keys = Keys.parse(model, List.of(key));
        return snapshots.byIndex(asOf, snapshot -> {
            LogSequenceNumber from = snapshot.eventsSince(asOf, since);
            keys.check(model, database);
            JdbcClient.StatementSpec versions = database.jdbc()
                    .sql(model.sql().history(scd2))
                    .params(keys.arrays())
                    .param(MOST_VERSIONS + 1);
            Cut cut = cut(model, versions, MOST_VERSIONS);
            if (cut.rows().isEmpty()) {
                throw notFound(model);
            }
            List<TargetRow> rows = withEvents(model, cut.rows(), from, snapshot);
            return new RowVersions(snapshot.position(), from, rows, !cut.more());
        });
    }

    FoundRows lookup(ReadModel model, RowLookup lookup) {
        int asked = lookup.keys().size();
        if (asked < 1 || asked > MOST_ROWS) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "keys are 1 to " + MOST_ROWS);
        }
        Keys keys = Keys.parse(model, lookup.keys());
        return snapshots.byIndex(lookup.asOfLsn(), snapshot -> {
            LogSequenceNumber from = snapshot.eventsSince(lookup.asOfLsn(), lookup.sinceLsn());
            return new FoundRows(
                    snapshot.position(), snapshot.writesBeside(), from, found(model, keys, asked, from, snapshot));
        });
    }

    private List<@Nullable TargetRow> found(
            ReadModel model, Keys keys, int asked, LogSequenceNumber from, Snapshot snapshot) {
        keys.check(model, database);
        List<@Nullable TargetRow> found = new ArrayList<>(Collections.nCopies(asked, null));
        long[] characters = {0};
        database.jdbc()
                .sql(model.sql().byKey())
                .withFetchSize(FETCH_ROWS)
                .params(keys.arrays())
                .query(row -> {
                    TargetRow one = model.read(row, 2);
                    characters[0] += characters(one);
                    if (characters[0] > MOST_CHARACTERS && asked > 1) {
                        throw new ShadowProblem(
                                ProblemType.MALFORMED_REQUEST,
                                "the rows have more than %d characters; ask for fewer keys".formatted(MOST_CHARACTERS));
                    }
                    found.set(row.getInt(1) - 1, one);
                });
        List<String> targetKeys = found.stream()
                .filter(Objects::nonNull)
                .map(TargetRow::key)
                .distinct()
                .toList();
        Map<String, LogSequenceNumber> last = events.ofTargets(model.name(), targetKeys, from, snapshot);
        found.replaceAll(row -> row == null ? null : row.touchedAt(last.get(row.key())));
        return found;
    }

    private List<TargetRow> withEvents(
            ReadModel model, List<TargetRow> rows, LogSequenceNumber from, Snapshot snapshot) {
        List<String> keys = rows.stream().map(TargetRow::key).distinct().toList();
        Map<String, LogSequenceNumber> last = events.ofTargets(model.name(), keys, from, snapshot);
        return rows.stream().map(row -> row.touchedAt(last.get(row.key()))).toList();
    }

    private static Cut cut(ReadModel model, JdbcClient.StatementSpec statement, int limit) {
        List<TargetRow> rows = new ArrayList<>();
        long characters = 0;
        try (Stream<TargetRow> all =
                statement.withFetchSize(FETCH_ROWS).query((row, _) -> model.read(row, 1)).stream()) {
            Iterator<TargetRow> next = all.iterator();
            while (rows.size() < limit && characters < MOST_CHARACTERS && next.hasNext()) {
                TargetRow row = next.next();
                rows.add(row);
                characters += characters(row);
            }
            return new Cut(rows, next.hasNext());
        }
    }

    private static long characters(TargetRow row) {
        long characters = row.key().length();
        for (String value : row.values().values()) {
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }

    private static ShadowProblem notFound(ReadModel model) {
        return new ShadowProblem(
                ProblemType.ROW_NOT_FOUND, "model %s has no such row with this key".formatted(model.name()));
    }
}
