package io.shadowwrite.api.status;

import io.shadowwrite.protocol.Status;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The first thing to ask. */
@RestController
public final class StatusController {

    private final StatusReport report;

    public StatusController(StatusReport report) {
        this.report = report;
    }

    @GetMapping("/shadow/status")
    Status status() {
        return report.now();
    }
}
