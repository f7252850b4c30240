package io.shadowwrite.api.audit;

import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Recording what the gate decided, and reading it. */
@RestController
@RequestMapping("/shadow/cutover/audit")
public final class AuditController {

    private static final int MOST = 1_000;

    private final Audits audits;

    public AuditController(Audits audits) {
        this.audits = audits;
    }

    @PostMapping
    AuditEntry store(@RequestBody CutoverAudit audit) {
        return audits.store(audit);
    }

    @GetMapping
    AuditPage page(
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "before", required = false) @Nullable UUID before,
            @RequestParam(name = "decision", required = false) @Nullable CutoverDecision decision) {
        if (limit < 1 || limit > MOST) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "limit is 1 to " + MOST);
        }
        return audits.page(limit, before, decision);
    }
}
