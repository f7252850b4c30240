package io.shadowwrite.program;

import io.shadowwrite.contract.ColumnFit;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.SourceColumn;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.replication.source.UniqueKey;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One look at the mapped tables of a source: what they are now, and where that is no longer what the contract says. The
 * catalog tells of the present, the log of the past: a change may be older than what is seen here.
 *
 * @param columns of all mapped tables
 * @param identities how each mapped table, and each of its partitions, names old rows
 * @param problems one line each, which begins with its code; none when the source is as the contract describes it
 */
public record SourceLook(List<SourceColumn> columns, List<ReplicaIdentity> identities, List<String> problems) {

    /** The code of whatever the contract describes otherwise. */
    private static final String DRIFT = "SCHEMA_DRIFT: ";

    public SourceLook {
        columns = List.copyOf(columns);
        identities = List.copyOf(identities);
        problems = List.copyOf(problems);
    }

    /**
     * Looks through an ordinary connection in auto-commit mode with an empty search path, which stays open.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     */
    public static SourceLook at(Contract contract, Connection connection) {
        Map<TableName, SourceTable.Mapped> mapped = mapped(contract);
        SourceInspection inspection = new SourceInspection(connection);
        List<String> problems = new ArrayList<>();
        List<ReplicaIdentity> identities = inspection.identities(mapped.keySet());
        inspection.tables(mapped.keySet(), identities).forEach(problem -> problems.add(problem.getMessage()));
        List<SourceColumn> columns = inspection.columns(mapped.keySet());
        Map<TableName, Map<String, String>> types = new LinkedHashMap<>();
        columns.forEach(column -> types.computeIfAbsent(column.table(), _ -> new LinkedHashMap<>())
                .put(column.name(), column.type()));
        List<UniqueKey> keys = inspection.uniqueKeys(mapped.keySet());
        types.forEach((name, live) -> {
            SourceTable.Mapped table = mapped.get(name);
            if (table != null) {
                ColumnFit.problems(table, live).forEach(problem -> problems.add(DRIFT + problem));
                if (!keys.contains(new UniqueKey(name, Set.copyOf(table.key())))) {
                    problems.add(DRIFT
                            + "%s has no unique index over exactly the contract's key %s; create it again"
                                    .formatted(name, table.key()));
                }
            }
        });
        return new SourceLook(columns, identities, problems);
    }

    /**
     * What went away between an earlier look and this one: rows of a partition that is detached or dropped leave their table
     * without a change, and changes of a detached one are no longer those of its table. One that is only renamed is the same.
     *
     * @return one line for each such partition, which begins with its code
     */
    public List<String> lostSince(SourceLook earlier) {
        Set<Leaf> leaves = new HashSet<>();
        identities.forEach(identity -> leaves.add(Leaf.of(identity)));
        List<String> lost = new ArrayList<>();
        for (ReplicaIdentity before : earlier.identities) {
            if (!leaves.contains(Leaf.of(before))) {
                lost.add(DRIFT
                        + "%1$s is no partition of %2$s any more, and what it held left without a change; see which of its rows are still in %2$s, and how to go on at docs/runbook.md#schema_drift"
                                .formatted(before.leaf(), before.table()));
            }
        }
        return lost;
    }

    private record Leaf(TableName root, long oid) {

        static Leaf of(ReplicaIdentity identity) {
            return new Leaf(identity.table(), identity.leafOid());
        }
    }

    /** The tables whose changes become something. */
    public static Map<TableName, SourceTable.Mapped> mapped(Contract contract) {
        Map<TableName, SourceTable.Mapped> mapped = new LinkedHashMap<>();
        for (SourceTable table : contract.sources().values()) {
            if (table instanceof SourceTable.Mapped each) {
                mapped.put(new TableName(each.name().schema(), each.name().name()), each);
            }
        }
        return mapped;
    }
}
