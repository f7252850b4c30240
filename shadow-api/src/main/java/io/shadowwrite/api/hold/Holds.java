package io.shadowwrite.api.hold;

import io.shadowwrite.api.audit.Decisions;
import io.shadowwrite.api.clock.TargetClock;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.security.Caller;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Takes, prolongs and ends the one hold, under the lock that every batch takes before it commits: when a request returns,
 * nothing that began before it can still become visible, but for what the hold lets pass. Thread-safe.
 */
public final class Holds {

    /** A program that dies must not stop the consumer for longer. */
    static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    /** Bounds what the answer to a request for a hold can wait for; a batch takes less, unless it is a very large one. */
    private static final String BOUNDED = "select set_config('lock_timeout', '5s', true)";

    private static final String LOCK_NOT_GRANTED = "55P03";

    private static final int LONGEST_HOLDER = 200;

    private static final String TAKE = """
            update shadow.backfill_state
               set hold_holder = ?,
                   hold_kind = ?,
                   hold_halt_at = ?::pg_lsn,
                   hold_expires_at = clock_timestamp() + ?::int * interval '1 second',
                   hold_lost_micros = (select lost_micros from shadow.clock)
            """;

    private static final String END = """
            update shadow.backfill_state
               set hold_holder = null,
                   hold_kind = null,
                   hold_halt_at = null,
                   hold_expires_at = null,
                   hold_lost_micros = null
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Decisions decisions;
    private final TargetClock clock;

    public Holds(ShadowDatabase database, Windows windows, Decisions decisions) {
        this.database = database;
        this.windows = windows;
        this.decisions = decisions;
        this.clock = new TargetClock(database);
    }

    ControlState halt(HaltRequest request, Caller caller) {
        check(request);
        if (request.kind() == Hold.Kind.GATE) {
            caller.mustBeOperator("a hold of the gate");
        }
        return database.inTransaction(() -> {
            OpenWindow window = lock();
            if (refuses(window.hold(), request)) {
                throw taken(window.hold());
            }
            if (request.kind() == Hold.Kind.GATE) {
                decisions.requireUnfinished();
                decisions.requireUndecided(request.holder());
            }
            take(request);
            return windows.require().control();
        });
    }

    private static void check(HaltRequest request) {
        Integer lease = request.leaseSeconds();
        boolean fits = switch (request.kind()) {
            case VERIFIER -> lease != null && lease > 0 && lease <= LONGEST_LEASE.toSeconds();
            case GATE -> lease == null || (lease > 0 && lease <= LONGEST_LEASE.toSeconds());
            case LOAD -> false;
        };
        if (!fits || request.holder().isBlank() || request.holder().length() > LONGEST_HOLDER) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "a hold names its holder in up to %d characters; lease_seconds is 1 to %d; only the gate may leave it out"
                            .formatted(LONGEST_HOLDER, LONGEST_LEASE.toSeconds()));
        }
    }

    /** Waits behind the batch that is being applied, but not for as long as it takes. */
    private OpenWindow lock() {
        database.jdbc().sql(BOUNDED).query(_ -> {});
        try {
            return windows.lock();
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.sqlState().equals(LOCK_NOT_GRANTED)) {
                throw e;
            }
            throw new ShadowProblem(
                    ProblemType.TARGET_CONFLICT,
                    "a batch is still being applied after 5 s and holds were left as they are; ask again",
                    e);
        }
    }

    /** Whether the hold in force wins over the request: the gate over a verifier, and otherwise whoever came first; nobody over a load. */
    static boolean refuses(@Nullable Hold inForce, HaltRequest request) {
        if (inForce == null || (inForce.holder().equals(request.holder()) && inForce.kind() == request.kind())) {
            return false;
        }
        return switch (inForce.kind()) {
            case GATE, LOAD -> true;
            case VERIFIER -> request.kind() == Hold.Kind.VERIFIER;
        };
    }

    private static ShadowProblem taken(@Nullable Hold hold) {
        String holder = hold == null ? "another" : hold.kind() + " " + hold.holder();
        return new ShadowProblem(ProblemType.HOLD_TAKEN, "%s holds the consumer".formatted(holder));
    }

    /** The consumer must not go on under writers who may have moved, so first the permit is taken away. */
    private static void refuseOfPermit(Hold hold) {
        if (hold.ofPermit()) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "a permit holds the consumer; it ends with ./shadow cutover abort, unless a writer has written to the target");
        }
    }

    private void take(HaltRequest request) {
        // What it lost before is no business of this lease.
        clock.look();
        database.jdbc()
                .sql(TAKE)
                .param(request.holder())
                .param(request.kind().name())
                .param(request.haltAt() == null ? null : request.haltAt().asString())
                .param(request.leaseSeconds())
                .update();
    }

    /**
     * Ends the hold of this holder, whoever asks for a verifier's, and an operator only for the gate's. Nothing happens
     * when it holds none, so that the end of a lease and a repetition are no errors; the answer tells what is in force.
     */
    ControlState resume(ResumeRequest request, Caller caller) {
        return database.inTransaction(() -> {
            Hold hold = lock().hold();
            if (hold != null && hold.holder().equals(request.holder())) {
                if (hold.kind() == Hold.Kind.GATE) {
                    caller.mustBeOperator("ending a hold of the gate");
                    decisions.requireUnfinished();
                    refuseOfPermit(hold);
                }
                database.jdbc().sql(END).update();
            }
            return windows.require().control();
        });
    }
}
