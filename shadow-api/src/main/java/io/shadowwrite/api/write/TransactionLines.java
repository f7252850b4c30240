package io.shadowwrite.api.write;

import io.shadowwrite.api.request.RequestLines;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.WireJson;
import java.io.InputStream;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;

/** A transaction as it arrives, line by line; holds one line at a time. Belongs to one request. */
final class TransactionLines {

    private static final ObjectReader STRICT = WireJson.mapper().reader();
    private static final ObjectReader CHANGES = WireJson.forWrites(STRICT);

    private final RequestLines lines;
    private long changes;

    TransactionLines(InputStream body) {
        this(body, System::nanoTime);
    }

    TransactionLines(InputStream body, LongSupplier nanoTime) {
        this.lines = new RequestLines(body, "transaction", nanoTime);
    }

    /** The first line. */
    LongTransaction head() {
        lines.next(() -> {});
        return lines.read(STRICT, LongTransaction.class);
    }

    /**
     * The next changes; null when the transaction is complete.
     *
     * @param signOfLife told of every empty line
     */
    @Nullable List<ChangeWrites> next(Runnable signOfLife) {
        lines.next(signOfLife);
        if (!lines.isArray()) {
            LongTransaction.End trailer = lines.read(STRICT, LongTransaction.End.class);
            if (trailer.changes() != changes) {
                throw RequestLines.malformed("the transaction ends after %d changes and says it has %d"
                        .formatted(changes, trailer.changes()));
            }
            return null;
        }
        List<ChangeWrites> next = List.of(lines.read(CHANGES, ChangeWrites[].class));
        lines.checkSize(next.size(), LongTransaction.MOST_CHANGES_IN_A_LINE, "changes");
        changes += next.size();
        return next;
    }

    /** Reads what is left, so that a sender that is still sending hears the answer. */
    void drain() {
        lines.drain();
    }
}
