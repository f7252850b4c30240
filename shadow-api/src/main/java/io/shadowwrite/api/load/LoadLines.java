package io.shadowwrite.api.load;

import io.shadowwrite.api.request.RequestLines;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.WireJson;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.databind.ObjectReader;

/** A range as it arrives, line by line. Belongs to one request. */
final class LoadLines {

    private static final ObjectReader STRICT = WireJson.mapper().reader();
    private static final ObjectReader ROWS = WireJson.forWrites(STRICT);

    private final RequestLines lines;
    private long rows;
    private int inLine;
    private long read;

    LoadLines(InputStream body) {
        this.lines = new RequestLines(body, "range");
    }

    /** The first line. */
    LoadRange head() {
        lines.next(() -> {});
        return lines.read(STRICT, LoadRange.class);
    }

    /**
     * Goes to the next rows; false when the range is complete.
     *
     * @param signOfLife told of every empty line
     */
    boolean next(Runnable signOfLife) {
        rows += inLine;
        inLine = 0;
        lines.next(signOfLife);
        if (!lines.isArray()) {
            LoadRange.End trailer = lines.read(STRICT, LoadRange.End.class);
            if (trailer.rows() != rows || trailer.read() < rows) {
                throw RequestLines.malformed("the range ends after %d rows and says it has %d of %d"
                        .formatted(rows, trailer.rows(), trailer.read()));
            }
            read = trailer.read();
            return false;
        }
        return true;
    }

    /** Passes these rows of the line on, counted from 0, as often as it is asked to. */
    void forEachRow(int from, int below, Consumer<LoadRow> action) {
        AtomicInteger place = new AtomicInteger();
        inLine = lines.forEach(ROWS, LoadRow.class, LoadRange.MOST_ROWS_IN_A_LINE, "rows", row -> {
            int at = place.getAndIncrement();
            if (at >= from && at < below) {
                action.accept(row);
            }
        });
    }

    /** How many rows the line has, once they were passed on. */
    int rows() {
        return inLine;
    }

    /** Once the range is complete: how many source rows it has, also those that are left out. */
    long read() {
        return read;
    }

    /** Reads what is left, so that a sender that is still sending hears the answer. */
    void drain() {
        lines.drain();
    }
}
