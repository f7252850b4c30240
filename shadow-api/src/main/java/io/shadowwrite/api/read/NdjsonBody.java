package io.shadowwrite.api.read;

import io.shadowwrite.protocol.RowStreamWriter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Where the lines of a stream go. */
public final class NdjsonBody {

    private static final int BUFFER_BYTES = 64 * 1024;

    private NdjsonBody() {}

    /** From here on the answer is a stream. */
    public static OutputStream of(HttpServletResponse response) {
        response.setContentType(RowStreamWriter.MEDIA_TYPE);
        try {
            return new BufferedOutputStream(response.getOutputStream(), BUFFER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
