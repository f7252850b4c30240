package io.shadowwrite.api.load;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Puts the rows of one range into the tables of their models and into the key map, line by line, in the caller's
 * transaction. What the target refuses is looked for until the rows are known. Belongs to one request and one thread.
 */
final class RangeCopy {

    private static final int MOST_NAMED = 20;

    /** The COPY of a line; a table of the target may do much with each row. */
    private static final Duration LONGEST_LINE = Duration.ofMinutes(5);

    /** All rows of a table that refers to itself, in one statement. */
    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(30);

    private static final String KEY_MAP =
            "copy shadow.pk_map (source_table, target_model, changed_lsn, source_key, target_key, state) from stdin";

    private final ShadowDatabase database;
    private final LoadRange range;
    private final String validFrom;
    private final SequencedMap<String, Part> parts = new LinkedHashMap<>();
    private final CopyText keyMap = new CopyText();
    private final String sourceTable;
    private final String changedLsn;
    private final Map<Integer, Written> written = new TreeMap<>();

    /** Of the rows that are on their way. */
    private final Map<Integer, Written> collected = new HashMap<>();

    /** One model's share of the range. */
    private record Part(LoadedTable table, boolean staged, String model, CopyText rows, Written one) {}

    /** What one write of the contract made of the range. */
    record Written(String model, long rows) {

        Written andOne() {
            return new Written(model, rows + 1);
        }
    }

    /** What the target refuses. */
    private record Refused(List<String> keys, List<SqlProblem> problems) {}

    /**
     * Begins.
     *
     * @param tables of the models of the range's pass, parents first
     * @param staged models whose rows refer to each other
     */
    RangeCopy(
            ShadowDatabase database,
            Dictionary dictionary,
            LoadRange range,
            Instant snapshotAt,
            List<LoadedTable> tables,
            Set<String> staged) {
        this.database = database;
        this.range = range;
        this.validFrom = snapshotAt.toString();
        this.sourceTable = Integer.toString(dictionary.table(range.sourceTable()));
        this.changedLsn = LoadRanges.before(range.snapshotLsn()).asString();
        for (LoadedTable table : tables) {
            String model = table.columns().model().name();
            parts.put(
                    model,
                    new Part(
                            table,
                            staged.contains(model),
                            Integer.toString(dictionary.model(model)),
                            new CopyText(),
                            new Written(model, 1)));
        }
    }

    void begin() {
        database.allowStatements(LONGEST_LINE);
        List<Part> staged = parts.values().stream().filter(Part::staged).toList();
        if (staged.isEmpty()) {
            // What is deferred would otherwise be refused at the commit, which names no row.
            execute("set constraints all immediate");
        }
        staged.forEach(part -> execute(part.table().createStage()));
    }

    /**
     * The rows of one line.
     *
     * @throws ShadowProblem WRITE_REJECTED with the first keys of those that the target refuses
     */
    void add(LoadLines line) {
        SqlProblem problem = copy(line, 0, Integer.MAX_VALUE);
        if (problem != null) {
            Refused refused = new Refused(new ArrayList<>(), new ArrayList<>());
            find(line, 0, line.rows(), problem, refused);
            if (!refused.keys().isEmpty()) {
                throw rejected(refused);
            }
        }
    }

    /**
     * Those of the rows, which are refused together, that are refused alone. The line is read again for each half, because a
     * line of objects for each range that is refused would be more than the heap has.
     */
    private void find(LoadLines line, int from, int below, SqlProblem problem, Refused refused) {
        if (below - from == 1) {
            line.forEachRow(from, below, row -> refused.keys().add(row.sourceKey()));
            refused.problems().add(problem);
            return;
        }
        int middle = (from + below) >>> 1;
        findIn(line, from, middle, refused);
        findIn(line, middle, below, refused);
    }

    private void findIn(LoadLines line, int from, int below, Refused refused) {
        SqlProblem problem = refused.keys().size() < MOST_NAMED ? copy(line, from, below) : null;
        if (problem != null) {
            find(line, from, below, problem, refused);
        }
    }

    /** Null when they are in; otherwise none of them is, and why. */
    private @Nullable SqlProblem copy(LoadLines line, int from, int below) {
        execute("savepoint line");
        try {
            collect(line, from, below);
            for (Part part : parts.values()) {
                send(
                        part.rows(),
                        part.staged()
                                ? part.table().copyToStage()
                                : part.table().copy());
            }
            send(keyMap, KEY_MAP);
            execute("release savepoint line");
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.refusesData()) {
                throw e;
            }
            execute("rollback to savepoint line");
            return sql;
        }
        collected.forEach((index, some) ->
                written.merge(index, some, (one, other) -> new Written(one.model(), one.rows() + other.rows())));
        return null;
    }

    private void collect(LoadLines line, int from, int below) {
        parts.values().forEach(part -> part.rows().clear());
        keyMap.clear();
        collected.clear();
        line.forEachRow(from, below, row -> {
            for (int i = 0; i < row.writes().size(); i++) {
                add(row, i);
            }
        });
    }

    private void add(LoadRow row, int place) {
        ShadowWrite write = row.writes().get(place);
        Part part = parts.get(write.model());
        if (part == null || write.action() != Action.UPSERT || write.carryFrom() != null) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "a loaded row of %s is no plain row of a model of pass %d; give API and backfill the same contract"
                            .formatted(range.sourceTable(), range.pass()));
        }
        List<String> key = part.table().add(part.rows(), write, validFrom);
        collected.merge(write.writeIndex(), part.one(), (before, _) -> before.andOne());
        if (isLastOfItsModel(row.writes(), place)) {
            keyMap.add(sourceTable)
                    .add(part.model())
                    .add(changedLsn)
                    .add(row.sourceKey())
                    .add(CanonicalKey.json(part.table().columns().keyTypes(), write.key()))
                    .add("current")
                    .endRow(key);
        }
    }

    /** A source row has one place in the key map for each model, as when the stream brings it. */
    private static boolean isLastOfItsModel(List<ShadowWrite> writes, int place) {
        for (int later = place + 1; later < writes.size(); later++) {
            if (writes.get(later).model().equals(writes.get(place).model())) {
                return false;
            }
        }
        return true;
    }

    private void send(CopyText rows, String copy) {
        if (!rows.isEmpty()) {
            database.onConnection(connection -> {
                rows.send(connection, copy);
                return rows;
            });
        }
    }

    /** After the last line; what was made of the range, by the number of the write. */
    Map<Integer, Written> end() {
        for (Part part : parts.values()) {
            if (part.staged()) {
                database.allowStatements(LONGEST_STATEMENT);
                execute(part.table().insertFromStage());
            }
        }
        return written;
    }

    private ShadowProblem rejected(Refused refused) {
        SqlProblem first = refused.problems().getFirst();
        return new ShadowProblem(
                ProblemType.WRITE_REJECTED,
                "the target refuses %s%d row(s) of %s (%s); correct them in the source, or what refuses them in the target, and load again"
                        .formatted(
                                refused.keys().size() < MOST_NAMED ? "" : "at least ",
                                refused.keys().size(),
                                range.sourceTable(),
                                first.describe()),
                Map.of("source_table", range.sourceTable(), "source_keys", String.join("\n", refused.keys())),
                null);
    }

    private void execute(String sql) {
        database.jdbc().sql(sql).update();
    }
}
