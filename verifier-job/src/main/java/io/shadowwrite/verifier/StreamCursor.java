package io.shadowwrite.verifier;

import io.shadowwrite.protocol.BucketStream;
import io.shadowwrite.protocol.RowDigest;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.KeyDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Rows that come over HTTP; a stream that breaks off fails and never looks as if it had ended. */
final class StreamCursor implements KeyCursor {

    private final BucketStream stream;
    private @Nullable KeyDigest current;

    StreamCursor(BucketStream stream) {
        this.stream = stream;
        this.current = next();
    }

    @Override
    public @Nullable KeyDigest current() {
        return current;
    }

    @Override
    public void advance() {
        current = next();
    }

    private @Nullable KeyDigest next() {
        RowDigest row = stream.next();
        return row == null
                ? null
                : new KeyDigest(
                        row.key(),
                        0,
                        HexFormat.fromHexDigitsToLong(row.h0()),
                        HexFormat.fromHexDigitsToLong(row.h1()),
                        row.loose() == null ? null : HexFormat.fromHexDigitsToLong(row.loose()));
    }
}
