package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.protocol.RowStreamHead;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.TargetRow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** One stream of a whole model, from a cursor and with flat memory. Belongs to one request. */
final class RowExport {

    private static final int FETCH_ROWS = 200;

    /** How many rows go out between two looks at the clock. */
    private static final int ROWS_PER_CHECK = 1_000;

    private final ReadDatabase database;
    private final ReadModel model;
    private final StreamedAnswer answer;

    /** A row that was touched, in key order. */
    private record Touched(String key, LogSequenceNumber lsn) {}

    /** @param body asked for once everything is ready to go out; before that, a failure still has a status of its own */
    RowExport(ReadDatabase database, ReadModel model, Supplier<OutputStream> body) {
        this.database = database;
        this.model = model;
        this.answer = new StreamedAnswer(database, model.name(), body);
    }

    /**
     * Writes all of it, or as much as goes and then why not more.
     *
     * @throws io.shadowwrite.protocol.ShadowProblem while nothing was written
     */
    void run(Snapshots snapshots, LogSequenceNumber asOf, @Nullable LogSequenceNumber since) {
        answer.run(() -> snapshots.streaming(asOf, snapshot -> {
            write(snapshot, snapshot.eventsSince(asOf, since));
            return snapshot;
        }));
    }

    private void write(Snapshot snapshot, LogSequenceNumber since) {
        try (Stream<Touched> touched = touched(snapshot, since);
                Stream<TargetRow> rows = rows()) {
            Iterator<Touched> marks = touched.iterator();
            Iterator<TargetRow> next = rows.iterator();
            // Both queries have begun to answer before the first byte goes out.
            @Nullable Touched first = marks.hasNext() ? marks.next() : null;
            boolean any = next.hasNext();
            RowStreamWriter out = answer.begin();
            out.head(new RowStreamHead(model.name(), snapshot.position(), since));
            if (any) {
                merge(next, first, marks, out);
            }
            out.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was touched is a part of the rows, of the same snapshot and in the same order. */
    private void merge(Iterator<TargetRow> rows, @Nullable Touched first, Iterator<Touched> marks, RowStreamWriter out)
            throws IOException {
        @Nullable Touched mark = first;
        for (long written = 0; rows.hasNext(); written++) {
            TargetRow row = rows.next();
            if (mark != null && mark.key().equals(row.key())) {
                row = row.touchedAt(mark.lsn());
                mark = marks.hasNext() ? marks.next() : null;
            }
            out.row(row);
            if (written % ROWS_PER_CHECK == 0) {
                answer.checkTime();
            }
        }
        if (mark != null) {
            throw new IllegalStateException(
                    "rows and events of model %s are of different order".formatted(model.name()));
        }
    }

    private Stream<TargetRow> rows() {
        return database
                .jdbc()
                .sql(model.sql().all())
                .withFetchSize(FETCH_ROWS)
                .query((row, _) -> model.read(row, 1))
                .stream();
    }

    private Stream<Touched> touched(Snapshot snapshot, LogSequenceNumber since) {
        return database
                .jdbc()
                .sql(model.sql().touched())
                .withFetchSize(FETCH_ROWS)
                .params(since.asString(), snapshot.position().asString(), model.name())
                .query((row, _) -> new Touched(
                        Objects.requireNonNull(row.getString(1)),
                        LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(2)))))
                .stream();
    }
}
