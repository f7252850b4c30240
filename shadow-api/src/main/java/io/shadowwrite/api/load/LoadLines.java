package io.shadowwrite.api.load;

import io.shadowwrite.api.request.RequestLines;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.WireJson;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;

/** A range as it arrives, line by line. Belongs to one request. */
final class LoadLines {

    private static final ObjectReader STRICT = WireJson.mapper().reader();
    private static final ObjectReader ROWS = WireJson.forWrites(STRICT);

    private final RequestLines lines;
    private long rows;
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
     * The next rows; null when the range is complete.
     *
     * @param signOfLife told of every empty line
     */
    @Nullable List<LoadRow> next(Runnable signOfLife) {
        lines.next(signOfLife);
        if (!lines.isArray()) {
            LoadRange.End trailer = lines.read(STRICT, LoadRange.End.class);
            if (trailer.rows() != rows || trailer.read() < rows) {
                throw RequestLines.malformed("the range ends after %d rows and says it has %d of %d"
                        .formatted(rows, trailer.rows(), trailer.read()));
            }
            read = trailer.read();
            return null;
        }
        List<LoadRow> next = List.of(lines.read(ROWS, LoadRow[].class));
        lines.checkSize(next.size(), LoadRange.MOST_ROWS_IN_A_LINE, "rows");
        rows += next.size();
        return next;
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
