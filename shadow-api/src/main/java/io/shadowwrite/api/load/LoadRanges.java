package io.shadowwrite.api.load;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.LoadRange;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/** The rows of {@code shadow.load_range}, and those of the load in {@code provenance.transaction}. Thread-safe. */
final class LoadRanges {

    private static final String BEGIN = """
            insert into shadow.load_range (source_table, pass, from_page, below_page)
            values (?::smallint, ?::smallint, ?, ?)
            on conflict (source_table, pass, from_page) do nothing
            returning id
            """;

    private static final String END = """
            update shadow.load_range
               set rows = ?,
                   written = ?,
                   loaded_at = clock_timestamp()
             where id = ?
            """;

    private static final String FIND = """
            select rows, written
              from shadow.load_range
             where below_page is not distinct from ?::bigint
               and source_table = ?::smallint
               and pass = ?::smallint
               and from_page = ?
            """;

    /**
     * The LSN is one below the snapshot's, at which no record of the log begins, so no source transaction has it; and where
     * several writes of a table are, the stream's own numbers tell them apart.
     */
    private static final String ORIGIN = """
            insert into provenance.transaction (commit_lsn, xid, committed_at, change_index, write_index, operation,
                                                channel, model, source_table, source_key, idempotency_key)
            select ?::pg_lsn, 0, snapshot_at, ?, ?::smallint, 1, 2, ?::smallint, ?::smallint, ?, ?
              from shadow.backfill_state
            """;

    private static final String TOTAL = """
            select count(*) as ranges, coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(written), 0)::bigint as written
              from shadow.load_range
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    /** What was loaded of one range, or of all. */
    record Loaded(long ranges, long rows, long written) {}

    LoadRanges(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    /** The number of a range that is to be loaded now; empty when it was loaded before. Waits for whoever loads it. */
    Optional<Integer> begin(LoadRange range) {
        return database.jdbc()
                .sql(BEGIN)
                .param(dictionary.table(range.sourceTable()))
                .param(range.pass())
                .param(range.fromPage())
                .param(range.belowPage())
                .query(Integer.class)
                .optional();
    }

    void end(int id, long rows, long written) {
        database.jdbc().sql(END).param(rows).param(written).param(id).update();
    }

    /** What was loaded of a range before; empty when a range that begins there ended elsewhere. */
    Optional<Loaded> find(LoadRange range) {
        return database.jdbc()
                .sql(FIND)
                .param(range.belowPage())
                .param(dictionary.table(range.sourceTable()))
                .param(range.pass())
                .param(range.fromPage())
                .query((row, _) -> new Loaded(1, row.getLong("rows"), row.getLong("written")))
                .optional();
    }

    Loaded total() {
        return database.jdbc()
                .sql(TOTAL)
                .query((row, _) -> new Loaded(row.getLong("ranges"), row.getLong("rows"), row.getLong("written")))
                .single();
    }

    /** One write of the contract that made rows of the range. */
    void storeOrigin(int id, LoadRange range, int writeIndex, String model) {
        String pages = "%d-%s".formatted(range.fromPage(), range.belowPage() == null ? "" : range.belowPage());
        database.jdbc()
                .sql(ORIGIN)
                .param(before(range.snapshotLsn()).asString())
                .param(id)
                .param(writeIndex)
                .param(dictionary.model(model))
                .param(dictionary.table(range.sourceTable()))
                .param("pages " + pages)
                .param("backfill:%s:%s:%s:%d"
                        .formatted(
                                Long.toUnsignedString(range.snapshotLsn().asLong()),
                                range.sourceTable(),
                                pages,
                                writeIndex))
                .update();
    }

    /** The LSN that what was loaded goes by. */
    static LogSequenceNumber before(LogSequenceNumber snapshot) {
        return LogSequenceNumber.valueOf(snapshot.asLong() - 1);
    }
}
