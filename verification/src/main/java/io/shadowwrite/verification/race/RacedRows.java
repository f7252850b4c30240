package io.shadowwrite.verification.race;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.verification.pin.RaceWindow;
import io.shadowwrite.verification.pin.XidMark;
import io.shadowwrite.verification.verdict.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Which suspects were written by a transaction that the target shows and the source snapshot does not. Such a transaction is
 * told by its id alone: a commit may be in the WAL, and applied, minutes before the source shows it, so where its commit
 * record lies says nothing. Only how far down to look does, and that follows from a mark: an id that was given out behind
 * an LSN has nothing below it.
 */
final class RacedRows {

    private static final String FLOOR = """
            select coalesce(max(mark_lsn), '0/1'::pg_lsn)::text
              from shadow.verifier_run
             where mark_xid <= ?
            """;

    /**
     * Receipts carry the key a row has after the change. The key that a change took from a row has lost its mapping in the
     * very transaction, and so is known by the LSN of that.
     */
    private static final String RACED = """
            with event as materialized (
              select source_table, source_key collate "C" as source_key, commit_lsn
                from shadow.event_ledger
               where side = 1
                 and commit_lsn >= ?::pg_lsn
                 and xid >= ?
                 and not pg_visible_in_snapshot(xid::text::xid8, ?::pg_snapshot)),
            source_row as (
              select s.suspect, t.id as source_table, s.source_key collate "C" as source_key
                from unnest(?::int[], ?::text[], ?::text[]) as s(suspect, source_table, source_key)
                join shadow.source_table t on t.name = s.source_table),
            mapping as (
              select s.suspect, m.source_table, m.source_key collate "C" as source_key, m.changed_lsn
                from unnest(?::int[], ?::text[], ?::text[]) as s(suspect, model, target_key)
                join shadow.target_model d on d.name = s.model
                join shadow.pk_map m on m.target_model = d.id and m.target_key = s.target_key collate "C"
               union all
              select s.suspect, m.source_table, m.source_key collate "C", m.changed_lsn
                from source_row s
                join shadow.pk_map m on m.source_table = s.source_table and m.source_key = s.source_key)
            select s.suspect
              from source_row s
             where (s.source_table, s.source_key) in (select e.source_table, e.source_key from event e)
             union
            select m.suspect
              from mapping m
             where (m.source_table, m.source_key) in (select e.source_table, e.source_key from event e)
                or m.changed_lsn in (select e.commit_lsn from event e)
            """;

    private final RaceWindow window;
    private final @Nullable XidMark mark;

    /**
     * The rows of a window.
     *
     * @param mark one that was taken just before the window
     */
    RacedRows(RaceWindow window, @Nullable XidMark mark) {
        this.window = window;
        this.mark = mark;
    }

    /**
     * The numbers of the suspects that were written.
     *
     * @param connection inside the target snapshot
     */
    Set<Integer> among(Connection connection, List<Suspect> suspects, List<SourceRow> origins) throws SQLException {
        LogSequenceNumber floor = floor(connection);
        try (PreparedStatement statement = connection.prepareStatement(RACED)) {
            statement.setString(1, floor.asString());
            statement.setLong(2, window.xmin());
            statement.setString(3, window.snapshot());
            setOrigins(statement, origins);
            setTargetRows(statement, suspects);
            Set<Integer> raced = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    raced.add(rows.getInt(1));
                }
            }
            return raced;
        }
    }

    /** The nearest LSN that is known to lie below everything that the window's transactions wrote. */
    private LogSequenceNumber floor(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FLOOR)) {
            statement.setLong(1, window.xmin());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                LogSequenceNumber stored = Lsn.parse(rows.getString(1));
                return mark != null && mark.xid() <= window.xmin() ? Lsn.max(stored, mark.lsn()) : stored;
            }
        }
    }

    private static void setOrigins(PreparedStatement statement, List<SourceRow> origins) throws SQLException {
        array(statement, 4, "integer", origins.stream().map(SourceRow::suspect).toArray());
        array(statement, 5, "text", origins.stream().map(SourceRow::table).toArray());
        array(statement, 6, "text", origins.stream().map(SourceRow::key).toArray());
    }

    private static void setTargetRows(PreparedStatement statement, List<Suspect> suspects) throws SQLException {
        Integer[] rows = IntStream.range(0, suspects.size())
                .filter(i -> !suspects.get(i).isOfKeyMap())
                .boxed()
                .toArray(Integer[]::new);
        array(statement, 7, "integer", rows);
        array(statement, 8, "text", of(rows, suspects, Finding::model));
        array(statement, 9, "text", of(rows, suspects, Finding::targetKey));
    }

    private static Object[] of(Integer[] rows, List<Suspect> suspects, Function<Finding, String> field) {
        return Arrays.stream(rows)
                .map(suspects::get)
                .map(Suspect::finding)
                .map(field)
                .toArray();
    }

    private static void array(PreparedStatement statement, int position, String type, Object[] elements)
            throws SQLException {
        statement.setArray(position, statement.getConnection().createArrayOf(type, elements));
    }
}
