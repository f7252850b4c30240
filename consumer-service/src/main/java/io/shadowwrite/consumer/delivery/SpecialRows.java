package io.shadowwrite.consumer.delivery;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the source which rows hold NaN or an infinity now. Whatever keeps it from a whole answer is a problem of the source,
 * never an answer. Between two questions hours may pass, and whatever is between the hosts may forget the connection: an old
 * one is not used again, and one that breaks is opened again once. For one thread at a time.
 */
final class SpecialRows implements AutoCloseable {

    /** Of one answer. */
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

    /** How long a connection may be unused and still be asked over. */
    private static final Duration MOST_IDLE = Duration.ofMinutes(1);

    private static final String SESSION = "SET row_security TO off";

    /** A commit is in the log, and here, a moment before others see it; with a synchronous standby it may take longer. */
    private static final Duration VISIBLE_BOUND = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(80);

    private static final String ALL_VISIBLE = """
            SELECT bool_and(pg_catalog.pg_visible_in_snapshot(xid::xid8, pg_catalog.pg_current_snapshot()))
              FROM unnest(?::text[]) AS committed (xid)
            """;

    private static final String NOT_NULL = """
            SELECT count(*)
              FROM pg_catalog.pg_attribute
             WHERE attrelid = ?::text::regclass AND attname = ANY (?) AND attnotnull AND NOT attisdropped
            """;

    private final SourceConnection source;
    private final String applicationName;

    private @Nullable Connection connection;
    private long usedAtNanos;

    /** One question, or several. */
    private interface Question<T, X extends Exception> {
        T ask(Connection open) throws SQLException, X;
    }

    SpecialRows(SourceConnection source, String applicationName) {
        this.source = source;
        this.applicationName = applicationName;
    }

    /**
     * What the doubtful columns of these rows hold, as far as any of a row is special.
     *
     * @param committed transactions whose effect the answer must know
     * @param keys texts of the key columns of each row
     * @return by place in {@code keys}, whether the column holds a special value, in the order of the columns
     * @throws StreamProblem when the source cannot be asked
     */
    Map<Integer, Boolean[]> ask(SpecialColumns columns, Collection<Long> committed, List<List<String>> keys)
            throws InterruptedException {
        Question<Map<Integer, Boolean[]>, InterruptedException> question = open -> {
            awaitVisible(open, committed);
            return ask(open, columns, keys);
        };
        return answer(columns, question);
    }

    /**
     * Asks for no row at all, which shows that any may be asked for. A table that somebody holds locked says nothing about
     * that, and need not be asked for at all.
     *
     * @throws StreamProblem when none may
     */
    void probe(SpecialColumns columns) {
        try {
            Question<Map<Integer, Boolean[]>, RuntimeException> question = open -> ask(open, columns, List.of());
            answer(columns, question);
        } catch (StreamProblem problem) {
            if (problem.code() != StreamProblem.Code.STALLED) {
                throw problem;
            }
        }
    }

    /**
     * Makes sure that columns still cannot be NULL, which was true when the session began.
     *
     * @throws StreamProblem when they can by now, so that another session has to begin, or the source cannot be asked
     */
    void requireNotNull(SpecialColumns columns, Set<String> certain) {
        Question<Integer, RuntimeException> question = open -> countNotNull(open, columns, certain);
        if (answer(columns, question) != certain.size()) {
            throw new StreamProblem(
                    StreamProblem.Code.STALLED,
                    "a column of %s may be NULL since a moment ago".formatted(columns.table()),
                    "Wait: the columns are looked at again");
        }
    }

    private static int countNotNull(Connection open, SpecialColumns columns, Set<String> certain) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(NOT_NULL)) {
            statement.setString(1, columns.table().quoted());
            statement.setArray(2, open.createArrayOf("text", certain.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private <T, X extends Exception> T answer(SpecialColumns columns, Question<T, X> question) throws X {
        if (System.nanoTime() - usedAtNanos >= MOST_IDLE.toNanos()) {
            close();
        }
        Connection kept = connection;
        if (kept != null) {
            try {
                return answered(kept, question);
            } catch (SQLException e) {
                close();
                StreamProblem problem = problem(columns, e);
                if (problem.code() != StreamProblem.Code.CONNECTION_LOST) {
                    throw problem;
                }
            }
        }
        try {
            return answered(fresh(), question);
        } catch (SQLException e) {
            close();
            throw problem(columns, e);
        }
    }

    private <T, X extends Exception> T answered(Connection open, Question<T, X> question) throws SQLException, X {
        T answer = question.ask(open);
        usedAtNanos = System.nanoTime();
        return answer;
    }

    private Connection fresh() throws SQLException {
        Connection open = source.openBounded(applicationName, ANSWER_BOUND);
        connection = open;
        try (Statement statement = open.createStatement()) {
            statement.execute(SESSION);
        }
        return open;
    }

    private static void awaitVisible(Connection open, Collection<Long> committed)
            throws SQLException, InterruptedException {
        Object[] xids = committed.stream().map(Long::toUnsignedString).toArray();
        long deadline = System.nanoTime() + VISIBLE_BOUND.toNanos();
        Duration pause = FIRST_PAUSE;
        try (PreparedStatement statement = open.prepareStatement(ALL_VISIBLE)) {
            statement.setArray(1, open.createArrayOf("text", xids));
            while (!single(statement)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new StreamProblem(
                            StreamProblem.Code.STALLED,
                            "a transaction is in the log of the source and still not visible there",
                            "See whether its synchronous standby answers");
                }
                Thread.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
        }
    }

    private static boolean single(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static Map<Integer, Boolean[]> ask(Connection open, SpecialColumns columns, List<List<String>> keys)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(columns.question())) {
            Integer[] places = new Integer[keys.size()];
            Arrays.setAll(places, place -> place);
            statement.setArray(1, open.createArrayOf("int4", places));
            for (int part = 0; part < columns.key().size(); part++) {
                int of = part;
                Array texts = open.createArrayOf(
                        "text", keys.stream().map(key -> key.get(of)).toArray());
                statement.setArray(2 + part, texts);
            }
            Map<Integer, Boolean[]> special = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    special.put(rows.getInt(1), (Boolean[]) rows.getArray(2).getArray());
                }
            }
            return special;
        }
    }

    private StreamProblem problem(SpecialColumns columns, SQLException cause) {
        String table = columns.table().toString();
        return switch (String.valueOf(cause.getSQLState())) {
            case "42501" ->
                new StreamProblem(
                        StreamProblem.Code.PRIVILEGE,
                        "%s cannot be asked for NaN and infinities, which the log spells like NULL".formatted(table),
                        "Run on the source: GRANT USAGE ON SCHEMA %1$s TO %3$s; GRANT SELECT ON %2$s TO %3$s; and with row security ALTER ROLE %3$s BYPASSRLS;"
                                .formatted(
                                        QualifiedName.quote(columns.table().schema()),
                                        columns.table().quoted(),
                                        QualifiedName.quote(source.user())),
                        cause);
            case "57014" ->
                new StreamProblem(
                        StreamProblem.Code.STALLED,
                        "%s did not answer in time which rows hold NaN or an infinity".formatted(table),
                        "See whether the key of the contract has an index there",
                        cause);
            default -> StreamProblem.ofQuestion("asking %s for NaN and infinities".formatted(table), cause);
        };
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                SourceConnection.abandon(open);
            }
        }
    }
}
