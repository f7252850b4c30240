package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.protocol.BucketRows;
import io.shadowwrite.protocol.BucketStreamHead;
import io.shadowwrite.protocol.RowDigest;
import io.shadowwrite.protocol.RowStreamWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One stream of hashes, from a cursor over rows that the server sorted, and with flat memory. Belongs to one request. */
final class BucketExport {

    private static final int FETCH_ROWS = 1_000;

    /** How many rows go out between two looks at the clock. */
    private static final int ROWS_PER_CHECK = 10_000;

    private final ReadDatabase database;
    private final Digests.Subject subject;
    private final BucketRows wanted;
    private final RowHash hash;
    private final StreamedAnswer answer;

    BucketExport(
            ReadDatabase database,
            Digests.Subject subject,
            BucketRows wanted,
            RowHash hash,
            Supplier<OutputStream> body) {
        this.database = database;
        this.subject = subject;
        this.wanted = wanted;
        this.hash = hash;
        this.answer = new StreamedAnswer(database, subject.model(), body);
    }

    /**
     * Writes all of it, or as much as goes and then why not more.
     *
     * @throws io.shadowwrite.protocol.ShadowProblem while nothing was written
     */
    void run(Snapshots snapshots) {
        answer.run(() -> snapshots.scanning(wanted.asOfLsn(), snapshot -> {
            write(snapshot);
            return snapshot;
        }));
    }

    private void write(Snapshot snapshot) {
        try (Stream<RowDigest> rows = rows()) {
            Iterator<RowDigest> next = rows.iterator();
            // The query has begun to answer before the first byte goes out.
            boolean any = next.hasNext();
            RowStreamWriter out = answer.begin();
            out.head(
                    new BucketStreamHead(subject.model(), snapshot.position(), snapshot.writesBeside(), wanted.hash()));
            for (long written = 0; any && next.hasNext(); written++) {
                out.digest(next.next());
                if (written % ROWS_PER_CHECK == 0) {
                    answer.checkTime();
                }
            }
            out.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<RowDigest> rows() {
        return database
                .jdbc()
                .sql(subject.rows().inKeyOrder(hash, wanted.bucketBits()))
                .withFetchSize(FETCH_ROWS)
                .params(subject.parameters())
                .param(SqlArrays.integer(wanted.buckets()))
                .query((row, _) -> digest(row))
                .stream();
    }

    private static RowDigest digest(ResultSet row) throws SQLException {
        Long loose = row.getObject(4, Long.class);
        return new RowDigest(
                Objects.requireNonNull(row.getString(1)),
                Digests.hex(row.getLong(2)),
                Digests.hex(row.getLong(3)),
                loose == null ? null : Digests.hex(loose));
    }
}
