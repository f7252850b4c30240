package io.shadowwrite.cli;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LedgerExtent;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.UnconservedTransaction;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The status for people: phase first, then what decides it, then what to do. */
final class StatusTable {

    private StatusTable() {}

    static void print(PrintWriter out, Status status) {
        out.printf("phase      %s%n", status.phase());
        out.printf("ready      %s: %s%n", status.ready() ? "yes" : "no", status.reason());
        for (Criterion criterion : status.criteria()) {
            out.printf("%-10s %-7s %s%n", criterion.code(), spelled(criterion.met()), criterion.detail());
        }
        readers(out, status);
        Conservation conservation = status.conservation();
        if (conservation != null) {
            print(out, conservation);
        }
        LedgerExtent ledger = status.ledger();
        if (ledger != null) {
            out.printf(
                    "receipts   attested below %s, dropped below %s, %d partition(s), %,d MiB%n",
                    spelled(ledger.attestedBelow()),
                    spelled(ledger.droppedBelow()),
                    ledger.partitions(),
                    ledger.bytes() >> 20);
        }
        out.printf("streak     %d of %d clean ticks%s%n", status.streak(), status.requiredTicks(), terms(status));
        RunSummary last = status.lastRun();
        if (last != null) {
            out.printf("last run   %s, %d finding(s): %s%n", last.verdict(), last.findingsTotal(), last.reason());
        }
        gate(out, status);
        for (String step : status.nextSteps()) {
            out.printf("next       %s%n", step);
        }
    }

    private static void readers(PrintWriter out, Status status) {
        for (ReaderPosition reader : status.readers()) {
            out.printf(
                    "%-10s %s at %s%s%n",
                    reader.side(),
                    reader.state(),
                    reader.position().asString(),
                    reader.reason() == null ? "" : " (" + reader.reason() + ")");
        }
        Hold hold = status.hold();
        if (hold != null) {
            out.printf(
                    "%-10s %s%s%s%n",
                    "held",
                    hold.holder(),
                    hold.haltAt() == null ? "" : ", from " + hold.haltAt().asString() + " on",
                    hold.expiresAt() == null ? "" : ", until " + hold.expiresAt());
        }
    }

    private static void gate(PrintWriter out, Status status) {
        Permit permit = status.permit();
        if (permit != null) {
            out.printf(
                    "permit     until %s, for everything below %s%s%n",
                    permit.expiresAt(),
                    permit.finalLsn().asString(),
                    permit.tickClock() == TickClock.SIMULATED ? ", on SIMULATED hours" : "");
        }
        GateState gate = status.gate();
        if (gate != null && gate.auditId() != null && gate.withoutPermit() != null) {
            out.printf("permit     none: %s%n", gate.withoutPermit());
        }
        if (gate != null && gate.fence() != null) {
            out.printf(
                    "fence      %s, engaged since %s by %s%n",
                    gate.fence().kind(), gate.fence().since(), gate.fence().holder());
        }
    }

    private static void print(PrintWriter out, Conservation counted) {
        out.printf(
                "%-10s %-7s %d decoded = %d applied + %d no-op + %d filtered + %d parked, difference %d, from %s below %s%n",
                "conserved",
                counted.holds() == null ? "unknown" : counted.holds() ? "yes" : "NO",
                counted.decoded(),
                counted.applied(),
                counted.noOp(),
                counted.filtered(),
                counted.parked(),
                counted.difference(),
                counted.from().asString(),
                counted.below().asString());
        UnconservedTransaction first = counted.firstUnconserved();
        if (first != null) {
            out.printf(
                    "%-10s %d transaction(s), first that committed at %s: %s%n",
                    "", counted.unconservedTransactions(), first.commitLsn().asString(), first.detail());
        }
    }

    /** What decides the streak beside the verdicts; nothing while no window is open. */
    private static String terms(Status status) {
        if (status.gapPolicy() == null || status.tickClock() == null) {
            return "";
        }
        String gap = switch (status.gapPolicy()) {
            case RESET -> ", an hour without a verdict ends it";
            case HOLD -> ", an hour without a verdict does not count";
        };
        return switch (status.tickClock()) {
            case SOURCE -> gap;
            case SIMULATED -> gap + "; the hours are SIMULATED and prove nothing about time";
        };
    }

    private static String spelled(@Nullable LogSequenceNumber lsn) {
        return lsn == null ? "none" : lsn.asString();
    }

    private static String spelled(@Nullable Boolean met) {
        if (met == null) {
            return "unknown";
        }
        return met ? "met" : "not met";
    }
}
