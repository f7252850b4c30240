package io.shadowwrite.backfill;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.slot.CreatedSlot;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the window on a source whose mapped tables are still empty: both slots, then the record of where they start. A
 * process that dies in between leaves slots that no window knows; the next run names them and asks for leave to replace
 * them.
 */
final class WindowOpening {

    private static final Logger LOG = LoggerFactory.getLogger(WindowOpening.class);
    private static final String APPLICATION = "shadow-backfill";
    private static final String PLUGIN = "wal2json";

    private final BackfillProperties properties;

    WindowOpening(BackfillProperties properties) {
        this.properties = properties;
    }

    ExitCode run() {
        Contract contract = new ContractReader().read(properties.contract().location());
        ShadowApi api = ShadowApiClient.connect(
                properties.api().url(),
                properties.api().operatorToken(),
                properties.api().timeout());
        SourceConnection source = new SourceConnection(
                properties.source().url(),
                properties.source().user(),
                properties.source().password());
        if (alreadyOpen(api, contract)) {
            return ExitCode.DONE;
        }
        SourceIdentity identity = SourceIdentity.read(source, APPLICATION);
        try (Connection connection = source.open(APPLICATION)) {
            List<StreamProblem> problems = preflight(connection, contract);
            if (!problems.isEmpty()) {
                problems.forEach(problem -> LOG.error("{}", problem.getMessage()));
                return ExitCode.INVALID;
            }
            return open(contract, api, identity, connection);
        } catch (SQLException e) {
            throw new StreamProblem(
                    StreamProblem.Code.SOURCE_ERROR,
                    "the source refused a query",
                    "See the cause: " + e.getMessage(),
                    e);
        }
    }

    private ExitCode open(Contract contract, ShadowApi api, SourceIdentity identity, Connection connection)
            throws SQLException {
        ReplicationSlots slots = new ReplicationSlots(connection);
        CreatedSlot first = createAfresh(slots, properties.slots().consumer());
        CreatedSlot second = createAfresh(slots, properties.slots().verifier());
        // Looked at after the slots exist: a row that is gone by now leaves at most a delete of something unknown.
        List<QualifiedName> filled = tablesWithRows(connection, contract);
        if (!filled.isEmpty()) {
            slots.drop(properties.slots().consumer());
            slots.drop(properties.slots().verifier());
            LOG.error(
                    "The window was not opened: {} already hold rows, and this version does not load existing rows. Open the"
                            + " window before the first row is written, or list the tables as unmapped.",
                    filled);
            return ExitCode.REFUSED;
        }
        Window window = api.openWindow(new Window(
                properties.migrationId(),
                properties.slots().consumer(),
                first.consistentPoint(),
                properties.slots().verifier(),
                second.consistentPoint(),
                identity.systemIdentifier(),
                identity.timeline(),
                Wal2JsonOptions.frozen().hash(),
                contract.sha256(),
                properties.sc3RequiredTicks(),
                properties.sc3GapPolicy(),
                properties.sc3Clock()));
        LOG.info(
                "Window {} is open: slot {} from {}, slot {} from {}",
                window.migrationId(),
                window.consumerSlot(),
                window.consumerBaseline().asString(),
                window.verifierSlot(),
                window.verifierBaseline().asString());
        return ExitCode.DONE;
    }

    private boolean alreadyOpen(ShadowApi api, Contract contract) {
        try {
            Window window = api.verifierState().window();
            if (!window.contractHash().equals(contract.sha256())
                    || !window.migrationId().equals(properties.migrationId())) {
                throw new ShadowProblem(
                        ProblemType.WINDOW_ALREADY_OPEN,
                        "window %s is open with contract %s; this job has %s with contract %s. Point both to one contract file"
                                .formatted(
                                        window.migrationId(),
                                        window.contractHash(),
                                        properties.migrationId(),
                                        contract.sha256()));
            }
            LOG.info("Window {} is open already; nothing to do", window.migrationId());
            return true;
        } catch (ShadowProblem problem) {
            if (problem.type() == ProblemType.WINDOW_NOT_OPEN) {
                return false;
            }
            throw problem;
        }
    }

    private static List<StreamProblem> preflight(Connection connection, Contract contract) {
        SourceInspection inspection = new SourceInspection(connection);
        List<TableName> tables = mapped(contract)
                .map(table -> new TableName(table.name().schema(), table.name().name()))
                .toList();
        List<StreamProblem> problems = new ArrayList<>(inspection.server());
        problems.addAll(inspection.tables(tables));
        return problems;
    }

    private CreatedSlot createAfresh(ReplicationSlots slots, String name) {
        SlotInfo leftover = slots.find(name).orElse(null);
        if (leftover != null) {
            requireOurs(leftover);
            requireLeave(leftover);
            LOG.warn("Slot {} exists though no window is open, and is replaced", name);
            slots.drop(name);
        }
        return slots.create(name, properties.slots().creationTimeout());
    }

    /** A slot is dropped only if a run of this job can have made it; whatever else it is, somebody needs it. */
    private static void requireOurs(SlotInfo slot) {
        if (!slot.plugin().equals(PLUGIN)) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_OTHER_PLUGIN,
                    "slot " + slot.name() + " decodes with " + slot.plugin(),
                    "Choose other names with shadow.slots.consumer and shadow.slots.verifier, or drop it if nobody needs it");
        }
        if (slot.active()) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_IN_USE,
                    "slot " + slot.name() + " is read by process " + slot.activePid() + " though no window is open",
                    "Choose other names with shadow.slots.consumer and shadow.slots.verifier, or stop that reader");
        }
    }

    /** The API that was asked may be the wrong one, and then the slot may hold changes that somebody waits for. */
    private void requireLeave(SlotInfo slot) {
        if (!properties.slots().replace()) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_EXISTS,
                    "slot " + slot.name() + " exists, and " + properties.api().url() + " knows of no open window",
                    "If a run of this job died before, repeat it with --shadow.slots.replace=true; otherwise check shadow.api.url");
        }
    }

    private static List<QualifiedName> tablesWithRows(Connection connection, Contract contract) throws SQLException {
        List<QualifiedName> filled = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (SourceTable.Mapped table : mapped(contract).toList()) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT EXISTS (SELECT FROM " + table.name().quoted() + ")")) {
                    if (row.next() && row.getBoolean(1)) {
                        filled.add(table.name());
                    }
                }
            }
        }
        return filled;
    }

    private static Stream<SourceTable.Mapped> mapped(Contract contract) {
        return contract.sources().values().stream()
                .filter(SourceTable.Mapped.class::isInstance)
                .map(SourceTable.Mapped.class::cast);
    }
}
