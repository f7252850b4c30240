package io.shadowwrite.slotreader.reading;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold in the source before silence may be taken for the absence of changes. */
final class SourceChecks {

    private static final Logger log = LoggerFactory.getLogger(SourceChecks.class);

    private final Contract contract;
    private final SourceConnection source;
    private final String applicationName;

    SourceChecks(Contract contract, SourceConnection source, String applicationName) {
        this.contract = contract;
        this.source = source;
        this.applicationName = applicationName;
    }

    /**
     * What keeps this server from being read at all.
     *
     * @return one line per problem
     * @throws StreamProblem when the source does not let us in
     */
    List<String> server() {
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
     * What would make changes of mapped tables vanish silently, from this reader as from the consumer.
     *
     * @throws StreamProblem when the source cannot be asked
     * @throws Halt with every problem that was found, after a line in the log for each
     */
    void tables() {
        List<String> problems = List.of();
        try (Connection connection = source.open(applicationName)) {
            problems = new SourceInspection(connection)
                    .tables(mapped()).stream().map(StreamProblem::getMessage).toList();
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
}
