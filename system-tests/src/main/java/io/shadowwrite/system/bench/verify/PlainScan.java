package io.shadowwrite.system.bench.verify;

import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What no comparison of all rows can beat by much: every table read once, its rows counted and their text hashed by the
 * server, with the server's own parallel query. It knows nothing of keys, models or references.
 */
final class PlainScan {

    private static final String ROWS = "select count(*), sum(hashtextextended(s::text, 0)) ";
    private static final String KEY_MAP = "from shadow.pk_map as s where s.state = 'current'";

    private final Database source;
    private final Database target;
    private final List<Comparison> models;

    PlainScan(Database source, Database target, List<Comparison> models) {
        this.source = source;
        this.target = target;
        this.models = models;
    }

    /** Reads both sides at the same time and returns the number of rows. */
    long run() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> left = threads.submit(() -> rows(source, sources()));
            Future<Long> right = threads.submit(() -> rows(target, targets()) + rows(target, List.of(KEY_MAP)));
            return left.get() + right.get();
        } catch (ExecutionException e) {
            throw new BenchFailed("the plain scan failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("the plain scan was interrupted", e);
        }
    }

    /** Each table once, however many models it feeds. */
    private List<String> sources() {
        return models.stream()
                .flatMap(model -> model.sources().stream())
                .map(Image::relation)
                .distinct()
                .map(relation -> "from " + relation + " as s")
                .toList();
    }

    private List<String> targets() {
        return models.stream().map(model -> model.target().from()).toList();
    }

    private static long rows(Database database, List<String> relations) throws SQLException {
        long rows = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String relation : relations) {
                try (ResultSet row = statement.executeQuery(ROWS + relation)) {
                    row.next();
                    rows += row.getLong(1);
                }
            }
        }
        return rows;
    }
}
