package io.shadowwrite.api.write;

import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The hot path. */
@RestController
@RequestMapping("/shadow/write")
public final class ShadowWriteController {

    private final ShadowWriter writer;

    public ShadowWriteController(ShadowWriter writer) {
        this.writer = writer;
    }

    @PostMapping("/batch")
    WriteResult write(@RequestBody WriteBatch batch) {
        return writer.write(batch);
    }
}
