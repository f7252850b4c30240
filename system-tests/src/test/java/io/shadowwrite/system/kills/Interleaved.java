package io.shadowwrite.system.kills;

import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A transaction that copies rows in, and changes some, while another one begins later and commits first. */
final class Interleaved {

    private static final long FIRST_ID = 7_000_000_000L;
    private static final int ROWS = 60;
    /** With a rank, because the consumer asks the source about one that is NULL. */
    private static final String COLUMNS = "id, kind, status, name, created_at, modified_at, search_rank";

    private static final String INSTANT = "2026-01-02 03:04:05+00";

    private final Database source;
    private @Nullable Connection copying;
    private int round;
    private long xid;

    Interleaved(Database source) {
        this.source = source;
    }

    /**
     * Two transactions that have committed.
     *
     * @param name what the names of all their rows begin with
     * @param rows that there are in the end
     * @param xid of the one that copied, which committed last
     * @param rows that there are in the end
     * @param changes of both
     */
    record Written(String name, long xid, long otherXid, long rows, long changes) {}

    /** Copies rows into a transaction that stays open; its number, as the log spells it. */
    long begin() throws SQLException {
        round++;
        Connection connection = source.connect();
        copying = connection;
        connection.setAutoCommit(false);
        copyIn(connection);
        xid = number(connection);
        return xid;
    }

    /** The name of a row that is copied in. */
    String nameOf(int row) {
        return "%s %d.".formatted(name(), row);
    }

    private String name() {
        return "Point %02d".formatted(round);
    }

    /** Lets another transaction pass, changes some rows, and commits. */
    Written commit() throws SQLException {
        try (Connection connection = Objects.requireNonNull(copying);
                Connection other = source.connect();
                Statement statement = connection.createStatement();
                Statement otherStatement = other.createStatement()) {
            other.setAutoCommit(false);
            otherStatement.execute(
                    "INSERT INTO partners.partner (%s) VALUES (%s)".formatted(COLUMNS, row(ROWS + 1, "', '")));
            statement.execute(
                    "UPDATE partners.partner SET employees = 7 WHERE id BETWEEN %d AND %d".formatted(id(1), id(20)));
            long otherXid = number(other);
            other.commit();
            statement.execute("DELETE FROM partners.partner WHERE id BETWEEN %d AND %d".formatted(id(41), id(ROWS)));
            connection.commit();
            copying = null;
            return new Written(name(), xid, otherXid, 41, ROWS + 20 + 20 + 1);
        }
    }

    private void copyIn(Connection connection) throws SQLException {
        String rows = IntStream.rangeClosed(1, ROWS)
                .mapToObj(row -> row(row, "\t"))
                .collect(Collectors.joining("\n", "", "\n"));
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY partners.partner (%s) FROM STDIN".formatted(COLUMNS), new StringReader(rows));
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private String row(int row, String separator) {
        String columns =
                String.join(separator, Long.toString(id(row)), "COMPANY", "A", nameOf(row), INSTANT, INSTANT, "1");
        return separator.equals("\t") ? columns : "'" + columns + "'";
    }

    private long id(int row) {
        return FIRST_ID + round * 1_000L + row;
    }

    /** The low half, as wal2json writes it. */
    private static long number(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_current_xact_id()::text::bigint & 4294967295")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
