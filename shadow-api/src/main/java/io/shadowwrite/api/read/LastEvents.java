package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * The last event of source rows, answered by the consumer's receipts. The ledger has no index by row, because every event
 * would pay for it; so this is one pass over a range of the ledger's own order, however many rows are asked for.
 * Thread-safe.
 */
public final class LastEvents {

    static final String RECEIPTS = """
            select t.name, e.source_key, e.lsn
              from (select source_table, source_key, max(commit_lsn) as lsn
                      from shadow.event_ledger
                     where side = 1
                       and commit_lsn >= ?::pg_lsn
                       and commit_lsn < ?::pg_lsn
                       and source_key = any (?)
                     group by source_table, source_key) e
              join provenance.source_table t on t.id = e.source_table
            """;

    static final String ORIGINS = """
            select m.target_key, t.name, m.source_key
              from shadow.pk_map m
              join provenance.source_table t on t.id = m.source_table
             where m.target_model = (select id from provenance.target_model where name = ?)
               and m.target_key = any (?)
            """;

    private final ReadDatabase database;

    /** A source row by table and canonical key. */
    public record Origin(String table, String key) {}

    /** What became of an origin: the target key. */
    private record Mapped(String targetKey, Origin origin) {}

    public LastEvents(ReadDatabase database) {
        this.database = database;
    }

    /** The last event of each origin from {@code since} on; one without any is absent. */
    public Map<Origin, LogSequenceNumber> of(Collection<Origin> origins, LogSequenceNumber since, Snapshot snapshot) {
        Map<Origin, LogSequenceNumber> last = new HashMap<>();
        if (origins.isEmpty()) {
            return last;
        }
        List<String> keys = origins.stream().map(Origin::key).distinct().toList();
        database.jdbc()
                .sql(RECEIPTS)
                .params(since.asString(), snapshot.position().asString(), SqlArrays.text(keys))
                .query(row -> {
                    last.put(new Origin(row.getString(1), row.getString(2)), lsn(row, 3));
                });
        return last;
    }

    /** The last event of the source rows behind each target key; one without any is absent. */
    Map<String, LogSequenceNumber> ofTargets(
            String model, List<String> targetKeys, LogSequenceNumber since, Snapshot snapshot) {
        SqlArrayValue keys = SqlArrays.text(targetKeys);
        List<Mapped> mapped = targetKeys.isEmpty()
                ? List.of()
                : database.jdbc()
                        .sql(ORIGINS)
                        .params(model, keys)
                        .query((row, _) -> new Mapped(row.getString(1), new Origin(row.getString(2), row.getString(3))))
                        .list();
        Map<Origin, LogSequenceNumber> events =
                of(mapped.stream().map(Mapped::origin).toList(), since, snapshot);
        Map<String, LogSequenceNumber> last = new HashMap<>();
        for (Mapped one : mapped) {
            LogSequenceNumber latest = later(events.get(one.origin()), last.get(one.targetKey()));
            if (latest != null) {
                last.put(one.targetKey(), latest);
            }
        }
        return last;
    }

    /** The later of two, either of which may be unknown. */
    public static @Nullable LogSequenceNumber later(
            @Nullable LogSequenceNumber one, @Nullable LogSequenceNumber other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? other : one;
    }

    private static LogSequenceNumber lsn(ResultSet row, int column) throws SQLException {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(column)));
    }
}
