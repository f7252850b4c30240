package io.shadowwrite.api.write;

import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.io.InputStream;
import java.time.Duration;
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
    private final ApiMetrics metrics;

    ShadowWriteController(ShadowWriter writer, LongTransactionWriter longWriter, ApiMetrics metrics) {
        this.writer = writer;
        this.longWriter = longWriter;
        this.metrics = metrics;
    }

    @PostMapping("/batch")
    WriteResult write(@RequestBody WriteBatch batch) {
        long began = System.nanoTime();
        WriteResult result = writer.write(batch);
        metrics.batch(batch, Duration.ofNanos(System.nanoTime() - began));
        return result;
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
