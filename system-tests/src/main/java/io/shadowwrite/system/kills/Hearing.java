package io.shadowwrite.system.kills;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.House;
import io.shadowwrite.testsupport.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Holds what the target shows against what the witness saw, from the moment it is made. The house must be drained. */
final class Hearing {

    private static final String RECEIPTS = """
            SELECT concat_ws(chr(31),
                   s.name || ' ' || CASE l.source_key WHEN '' THEN 'of ' || l.xid ELSE (l.source_key::jsonb)::text END,
                   l.xid,
                   CASE l.operation WHEN 1 THEN 'INSERT' WHEN 2 THEN 'UPDATE' WHEN 3 THEN 'DELETE' ELSE 'TRUNCATE' END)
              FROM shadow.event_ledger l
              JOIN shadow.source_table s ON s.id = l.source_table
             WHERE l.side = ? AND l.xid >= ?
             ORDER BY l.commit_lsn, l.change_index
            """;

    private static final String APPLIED_WITHOUT_TRACE = """
            SELECT count(*)
              FROM shadow.event_ledger AS l
             WHERE l.side = 1 AND l.disposition = 1 AND l.xid >= ?
               AND NOT EXISTS (
                   SELECT FROM provenance.transaction AS p
                    WHERE p.commit_lsn = l.commit_lsn AND p.change_index = l.change_index)
            """;

    private static final String TRACE_WITHOUT_RECEIPT = """
            SELECT count(*)
              FROM provenance.transaction AS p
             WHERE p.xid >= ?
               AND NOT EXISTS (
                   SELECT FROM shadow.event_ledger AS l
                    WHERE l.side = 1 AND l.disposition = 1
                      AND l.commit_lsn = p.commit_lsn AND l.change_index = p.change_index)
            """;

    private final Contract contract;
    private final Database target;
    private final long firstXid;
    private final String since;

    Hearing(House house, Contract contract) {
        this.contract = contract;
        this.target = house.target();
        this.firstXid = house.source().queryForLong("SELECT pg_snapshot_xmax(pg_current_snapshot())::text");
        this.since = Objects.requireNonNull(house.source().queryForString("SELECT clock_timestamp()::text"));
    }

    Score score(long seed, List<Sighting> seen, Supervisor supervisor, Cuts cuts, Gauge gauge) {
        List<Change> happened = seen.stream().map(this::change).toList();
        List<Difference> differences = new ArrayList<>();
        differences.add(Difference.between(happened, receipts(Side.CONSUMER)));
        differences.add(Difference.between(happened, receipts(Side.VERIFIER)));
        long versions = 0;
        for (Copies copies : Copies.in(contract)) {
            Versions stored = Versions.of(copies, target, since);
            differences.add(stored.against(copies, seen));
            versions += stored.comparable(copies, seen);
        }
        differences.add(new Difference(
                target.queryForLong(APPLIED_WITHOUT_TRACE, firstXid),
                target.queryForLong(TRACE_WITHOUT_RECEIPT, firstXid),
                0,
                List.of()));
        Difference all = differences.stream().reduce(Difference.NONE, Difference::plus);
        List<String> wrong = new ArrayList<>(all.examples());
        wrong.addAll(supervisor.failures());
        wrong.addAll(gauge.broken());
        return new Score(
                seed,
                supervisor.kills(),
                cuts.made(),
                happened.size(),
                versions,
                all.lost(),
                all.duplicated(),
                all.misordered(),
                gauge.recoveries().stream().map(Recovery::taken).toList(),
                gauge.recoveries().stream()
                        .filter(recovery -> !recovery.wasDisturbed())
                        .map(Recovery::taken)
                        .toList(),
                gauge.comparisons(),
                supervisor.unreachable(),
                wrong);
    }

    /** Receipts of tables that the contract leaves out name no row. */
    private Change change(Sighting seen) {
        boolean mapped = contract.source(QualifiedName.parse(seen.table())) instanceof SourceTable.Mapped;
        return new Change(
                seen.table() + " " + (mapped ? seen.key() : "of " + seen.xid()), seen.xid(), seen.operation());
    }

    private List<Change> receipts(Side side) {
        int code = side == Side.CONSUMER ? 1 : 2;
        return target.queryForList(RECEIPTS, code, firstXid).stream()
                .map(line -> Objects.requireNonNull(line).split("\u001f", -1))
                .map(parts -> new Change(parts[0], Long.parseLong(parts[1]), parts[2]))
                .toList();
    }
}
