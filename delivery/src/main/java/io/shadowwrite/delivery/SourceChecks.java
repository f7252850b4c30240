package io.shadowwrite.delivery;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold in the source before a change may be believed. */
public final class SourceChecks {

    private static final Logger log = LoggerFactory.getLogger(SourceChecks.class);

    private final Contract contract;
    private final SourceConnection source;
    private final String applicationName;
    private final IdentityDemand demand;

    public SourceChecks(Contract contract, SourceConnection source, String applicationName, IdentityDemand demand) {
        this.contract = contract;
        this.source = source;
        this.applicationName = applicationName;
        this.demand = demand;
    }

    /**
     * What keeps this server from being read at all.
     *
     * @return one line per problem
     * @throws StreamProblem when the source does not let us in
     */
    public List<String> server() {
        try (Connection connection = source.open(applicationName)) {
            return new SourceInspection(connection)
                    .server().stream()
                            // Our slot exists already, so that none is left for another says nothing.
                            .filter(problem -> problem.code() != StreamProblem.Code.NO_FREE_SLOT)
                            .map(StreamProblem::getMessage)
                            .toList();
        } catch (SQLException closing) {
            throw new StreamProblem(
                    StreamProblem.Code.CONNECTION_LOST, "the connection broke", "Check the source", closing);
        }
    }

    /**
     * What would make changes of mapped tables vanish silently.
     *
     * @throws StreamProblem when the source cannot be asked
     * @throws Halt with every problem that was found, after a line in the log for each
     */
    public void tables() {
        List<String> problems = new ArrayList<>();
        try (Connection connection = source.open(applicationName)) {
            SourceInspection inspection = new SourceInspection(connection);
            inspection.tables(mapped()).forEach(problem -> problems.add(problem.getMessage()));
            if (problems.isEmpty()) {
                inspection.identities(mapped()).forEach(identity -> addShortfall(identity, problems));
            }
        } catch (SQLException closing) {
            log.debug("The connection of the checks did not close", closing);
        }
        if (!problems.isEmpty()) {
            problems.forEach(problem -> log.error("The source is not fit: {}", problem));
            throw new Halt(String.join(" | ", problems));
        }
    }

    private List<TableName> mapped() {
        return contract.sources().values().stream()
                .filter(SourceTable.Mapped.class::isInstance)
                .map(table -> new TableName(table.name().schema(), table.name().name()))
                .toList();
    }

    private void addShortfall(ReplicaIdentity identity, List<String> problems) {
        SourceTable table = contract.source(
                new QualifiedName(identity.table().schema(), identity.table().name()));
        if (table instanceof SourceTable.Mapped mapped) {
            String shortfall = demand.shortfall(mapped, identity);
            if (shortfall != null) {
                problems.add(shortfall);
            }
        }
    }
}
