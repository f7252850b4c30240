package io.shadowwrite.api.audit;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Permit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells whether there is a permit now, and why not; no other place decides it. Thread-safe. */
public final class Permits {

    /**
     * Only the latest decision counts, and only while all that it rests on does. Its time ends by the target's clock; what
     * that clock has lost since is taken off, and a clock that was set back before anybody looked stands still.
     */
    private static final String LATEST = """
            select a.audit_id,
                   a.decision,
                   a.recorded_at,
                   a.final_lsn,
                   a.tick_clock,
                   e.ends as permit_expires_at,
                   w.fence_kind,
                   w.fence_holder,
                   w.fence_at,
                   case
                     when a.audit_id is null
                     then array['NOTHING_DECIDED']
                     when a.decision = 'BLOCK'
                     then array['BLOCKED']
                     when a.decision = 'FINISH'
                     then array[case
                                  when exists (select
                                                 from shadow.event_ledger l
                                                where l.side in (1, 2)
                                                  and l.commit_lsn >= a.final_lsn)
                                  then 'FINISHED_AND_WRITTEN'
                                  else 'FINISHED'
                                end]
                     else array_remove(array[
                            case
                              when exists (select
                                             from shadow.event_ledger l
                                            where l.side in (1, 2)
                                              and l.commit_lsn >= a.fence_lsn)
                              then 'WRITER_CAME_BACK'
                            end,
                            case
                              when w.hold_kind is distinct from 'GATE'
                                or w.hold_halt_at is distinct from a.final_lsn
                                or w.hold_expires_at <= clock_timestamp()
                                or not exists (select
                                                 from shadow.reader_position p
                                                where p.side = 1
                                                  and p.position = a.final_lsn)
                              then 'LET_GO'
                            end,
                            case
                              when not exists (select
                                                 from shadow.verifier_run r
                                                where r.run_id = a.verifier_run_id
                                                  and r.writes_beside = w.writes_beside)
                              then 'WRITTEN_BESIDE'
                            end,
                            case
                              when not exists (select
                                                 from shadow.reader_position p
                                                where p.side = 2
                                                  and p.position >= a.final_lsn
                                                  and p.state = 'STREAMING'
                                                  and p.silences = a.reader_silences
                                                  and p.reported_at between clock_timestamp() - interval '1 minute'
                                                                        and clock_timestamp() + interval '1 minute')
                              then 'READER_SILENT'
                            end,
                            case
                              when e.ends <= greatest(clock_timestamp(), c.seen)
                              then 'EXPIRED'
                            end], null)
                   end as no_permit
              from shadow.backfill_state w
             cross join shadow.clock c
              left join lateral (select * from shadow.cutover_audit order by ordinal desc limit 1) a on true
             cross join lateral (select a.permit_expires_at
                                          - (c.lost_micros - a.clock_lost_micros) * interval '1 microsecond' as ends) e
            """;

    private final ShadowDatabase database;
    private final int requiredApprovals;

    /** With the number of different names that a permit has to carry. */
    public Permits(ShadowDatabase database, int requiredApprovals) {
        this.database = database;
        this.requiredApprovals = requiredApprovals;
    }

    /**
     * What the gate has come to.
     *
     * @param permit the one that is valid now; null when there is none
     * @param ends every reason why there is none, the gravest first; empty while there is one
     */
    public record Standing(GateState gate, @Nullable Permit permit, List<PermitEnd> ends) {

        public Standing {
            ends = List.copyOf(ends);
        }

        /** Whether nothing of the source is ever applied again. */
        public boolean finished() {
            return gate.decision() == CutoverDecision.FINISH;
        }
    }

    /** Now. */
    public Standing now() {
        return database.jdbc()
                .sql(LATEST)
                .query((row, _) -> read(row))
                .optional()
                .orElseThrow(Windows::notOpen);
    }

    private static @Nullable EngagedFence fence(ResultSet row) throws SQLException {
        @Nullable String kind = row.getString("fence_kind");
        return kind == null
                ? null
                : new EngagedFence(
                        kind, row.getString("fence_holder"), Objects.requireNonNull(AuditRow.time(row, "fence_at")));
    }

    int requiredApprovals() {
        return requiredApprovals;
    }

    private Standing read(ResultSet row) throws SQLException {
        @Nullable String decision = row.getString("decision");
        List<PermitEnd> ends = ends(row);
        GateState gate = new GateState(
                requiredApprovals,
                row.getObject("audit_id", UUID.class),
                decision == null ? null : CutoverDecision.valueOf(decision),
                AuditRow.time(row, "recorded_at"),
                ends.isEmpty() ? null : ends.getFirst().sentence(),
                fence(row));
        return new Standing(gate, ends.isEmpty() ? AuditRow.readPermit(row) : null, ends);
    }

    private static List<PermitEnd> ends(ResultSet row) throws SQLException {
        String[] told = (String[]) row.getArray("no_permit").getArray();
        return Arrays.stream(told).map(PermitEnd::valueOf).toList();
    }
}
