package io.shadowwrite.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.replication.stream.Pace;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold in the source before a change may be believed. */
public final class SourceChecks {

    private static final Logger LOG = LoggerFactory.getLogger(SourceChecks.class);

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

    private final Contract contract;
    private final SourceConnection source;
    private final String applicationName;
    private final IdentityDemand demand;
    private final Supplier<SourceLook> look;
    private final Pace pace;
    private final Lock looking;

    // Written by whoever looks, read by whoever asks for the figure.
    private volatile @Nullable Long fitAtNanos;

    // Guarded by looking. The last look that found nothing; outlives the rounds, so that nothing leaves unseen between
    // two of them.
    private @Nullable SourceLook latest;

    public SourceChecks(Contract contract, SourceConnection source, String applicationName, IdentityDemand demand) {
        this(
                contract,
                source,
                applicationName,
                demand,
                () -> look(contract, source, applicationName),
                Pace.OF_THE_MACHINE);
    }

    /**
     * @param look at the mapped tables; throws StreamProblem when the source cannot be asked
     * @param pace of whoever looks, and of a watch
     */
    public SourceChecks(
            Contract contract,
            SourceConnection source,
            String applicationName,
            IdentityDemand demand,
            Supplier<SourceLook> look,
            Pace pace) {
        this.contract = contract;
        this.source = source;
        this.applicationName = applicationName;
        this.demand = demand;
        this.look = look;
        this.pace = pace;
        this.looking = pace.newLock();
    }

    Pace pace() {
        return pace;
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
     * What would make changes of mapped tables vanish silently, or mean something else than the contract says, or has left
     * them since the look before. For one thread at a time; another waits, which the bound of an answer ends.
     *
     * @return what the mapped tables are now
     * @throws StreamProblem when the source cannot be asked
     * @throws Halt with every problem that was found, after a line in the log for each
     */
    public SourceLook tables() {
        looking.lock();
        try {
            return lookAtTables();
        } finally {
            looking.unlock();
        }
    }

    private SourceLook lookAtTables() {
        SourceLook found = look.get();
        List<String> problems = new ArrayList<>(found.problems());
        if (problems.isEmpty()) {
            addShortfalls(found, problems);
        }
        SourceLook earlier = latest;
        if (earlier != null) {
            problems.addAll(found.lostSince(earlier));
        }
        haltFor(problems);
        latest = found;
        fitAtNanos = pace.nanoTime();
        return found;
    }

    private static SourceLook look(Contract contract, SourceConnection source, String applicationName) {
        Connection connection = source.openBounded(applicationName, ANSWER_BOUND);
        try {
            return SourceLook.at(contract, connection);
        } finally {
            try {
                connection.close();
            } catch (SQLException closing) {
                LOG.debug("The connection of the checks did not close", closing);
            }
        }
    }

    private static void haltFor(List<String> problems) {
        if (!problems.isEmpty()) {
            problems.forEach(problem -> LOG.error("The source is not fit: {}", problem));
            throw new Halt(String.join(" | ", problems));
        }
    }

    private void addShortfalls(SourceLook look, List<String> problems) {
        Map<TableName, SourceTable.Mapped> mapped = SourceLook.mapped(contract);
        for (ReplicaIdentity identity : look.identities()) {
            SourceTable.Mapped table = mapped.get(identity.table());
            String shortfall = table == null ? null : demand.shortfall(table, identity);
            if (shortfall != null) {
                problems.add(shortfall);
            }
        }
    }

    /** Shows how long ago the tables were last found fit; not a number before they were. */
    public void register(MeterRegistry registry, Tags reader) {
        Gauge.builder("shadow.source.fit.age", this, SourceChecks::fitAge)
                .description("Since the tables of the source were last found to be what the contract says")
                .baseUnit("seconds")
                .tags(reader)
                .register(registry);
    }

    private double fitAge() {
        Long at = fitAtNanos;
        return at == null
                ? Double.NaN
                : (pace.nanoTime() - at) / (double) Duration.ofSeconds(1).toNanos();
    }
}
