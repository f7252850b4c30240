package io.shadowwrite.api.audit;

import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.type.TypeReference;

/** Reads one row of {@code shadow.cutover_audit}. */
final class AuditRow {

    private static final TypeReference<Map<String, String>> DIGESTS = new TypeReference<>() {};
    private static final TypeReference<List<BlockingFinding>> FINDINGS = new TypeReference<>() {};
    private static final TypeReference<List<Approval>> APPROVALS = new TypeReference<>() {};

    private AuditRow() {}

    static AuditEntry read(ResultSet row) throws SQLException {
        CutoverAudit audit = new CutoverAudit(
                Objects.requireNonNull(row.getObject("audit_id", UUID.class)),
                CutoverDecision.valueOf(row.getString("decision")),
                lsn(row, "fence_lsn"),
                lsn(row, "final_lsn"),
                row.getObject("verifier_run_id", UUID.class),
                WireJson.mapper().readValue(row.getString("digests"), DIGESTS),
                WireJson.mapper().readValue(row.getString("blocking_findings"), FINDINGS),
                WireJson.mapper().readValue(row.getString("approvals"), APPROVALS),
                row.getObject("permit_seconds", Integer.class),
                row.getString("operator"),
                row.getString("reason"));
        return new AuditEntry(
                audit, Objects.requireNonNull(time(row, "recorded_at")), time(row, "permit_expires_at"), clock(row));
    }

    static Permit readPermit(ResultSet row) throws SQLException {
        return new Permit(
                Objects.requireNonNull(row.getObject("audit_id", UUID.class)),
                Objects.requireNonNull(lsn(row, "final_lsn")),
                Objects.requireNonNull(time(row, "permit_expires_at")),
                clock(row));
    }

    private static TickClock clock(ResultSet row) throws SQLException {
        return TickClock.valueOf(row.getString("tick_clock"));
    }

    private static @Nullable LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : LogSequenceNumber.valueOf(text);
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
