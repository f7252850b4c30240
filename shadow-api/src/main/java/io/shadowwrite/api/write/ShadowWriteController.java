package io.shadowwrite.api.write;

import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.io.InputStream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The hot path. */
@RestController
@RequestMapping("/shadow/write")
public final class ShadowWriteController {

    private final ShadowWriter writer;
    private final LongTransactionWriter longWriter;

    ShadowWriteController(ShadowWriter writer, LongTransactionWriter longWriter) {
        this.writer = writer;
        this.longWriter = longWriter;
    }

    @PostMapping("/batch")
    WriteResult write(@RequestBody WriteBatch batch) {
        return writer.write(batch);
    }

    /** One transaction, line by line. */
    @PostMapping(path = "/transaction", consumes = LongTransaction.MEDIA_TYPE)
    WriteResult write(InputStream body) {
        TransactionLines lines = new TransactionLines(body);
        try {
            return longWriter.write(lines);
        } finally {
            lines.drain();
        }
    }
}
