package io.shadowwrite.system.bench.verify;

import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.session.PinnedSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a textbook does: both sides sorted by key, every row sent, and compared column by column on arrival.
 */
final class SortedMerge {

    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final int FETCH_SIZE = 1_000;

    private final Database source;
    private final Database target;

    SortedMerge(Database source, Database target) {
        this.source = source;
        this.target = target;
    }

    /** Compares everything and returns the number of rows that are equal; a difference fails. */
    long run(List<Comparison> comparisons) {
        try (Connection left = open(source);
                Connection right = open(target)) {
            long equal = 0;
            for (Comparison comparison : comparisons) {
                equal += equal(left, right, comparison);
            }
            return equal;
        } catch (SQLException e) {
            throw new BenchFailed("the sorted merge failed", e);
        }
    }

    private static Connection open(Database database) throws SQLException {
        Connection connection = database.connect();
        PinnedSession.pin(connection, PATIENCE);
        connection.setAutoCommit(false);
        return connection;
    }

    private static long equal(Connection left, Connection right, Comparison comparison) throws SQLException {
        try (Statement expected = statement(left);
                Statement found = statement(right);
                ResultSet these = expected.executeQuery(sorted(comparison.sources()));
                ResultSet those = found.executeQuery(sorted(List.of(comparison.target())))) {
            int columns = comparison.columns().size() + 1;
            long rows = 0;
            while (these.next()) {
                boolean more = those.next();
                for (int i = 1; more && i <= columns; i++) {
                    more = Objects.equals(these.getString(i), those.getString(i));
                }
                if (!more) {
                    throw new BenchFailed("the two sides of %s differ".formatted(comparison.model()));
                }
                rows++;
            }
            return rows;
        }
    }

    private static Statement statement(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.setFetchSize(FETCH_SIZE);
        return statement;
    }

    private static String sorted(List<Image> images) {
        return "select * from ("
                + images.stream().map(Image::sql).collect(Collectors.joining(" union all "))
                + ") as u order by k collate \"C\"";
    }
}
