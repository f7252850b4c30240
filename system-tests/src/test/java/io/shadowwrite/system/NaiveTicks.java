package io.shadowwrite.system;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.pin.HoldControl.Positions;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.AgreedHash;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What one would do who does not know about the order in which commits show: the end of the WAL, read in the transaction whose
 * snapshot is compared, is taken to be where that snapshot stands. Here to prove that it is not.
 */
final class NaiveTicks {

    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration STATEMENTS = Duration.ofMinutes(1);

    private final House house;
    private final TimedHold hold;
    private final Contract contract = new ContractReader().read(House.contractFile());

    NaiveTicks(House house) {
        this.house = house;
        this.hold = new TimedHold(house.api(), "naive-tick-of-a-test");
    }

    /** The differences between two sides that are said to be at one LSN. */
    List<Finding> run() throws SQLException {
        try (Connection source = open(Ticks.source(house).open("naive"));
                Connection target = open(Ticks.target(house).open("naive"))) {
            pin(source, target);
            return compare(source, target);
        }
    }

    private static Connection open(Connection connection) throws SQLException {
        PinnedSession.pin(connection, STATEMENTS);
        return connection;
    }

    private void pin(Connection source, Connection target) throws SQLException {
        hold.hold(null, LEASE);
        try (Connection control = house.source().connect()) {
            LogSequenceNumber lsn = Lsn.parse(begin(source, "SELECT pg_current_wal_lsn()::text"));
            Heartbeat.emit(control, LogicalMessage.HEARTBEAT, "naive");
            hold.hold(lsn, LEASE);
            Await.untilValue(
                    "both readers are at " + lsn.asString(),
                    Duration.ofSeconds(30),
                    hold::positions,
                    at -> there(at, lsn));
            begin(target, "SELECT 1");
        } finally {
            hold.release();
        }
    }

    private static boolean there(Positions at, LogSequenceNumber lsn) {
        return at.consumer().equals(lsn) && at.slotReader().compareTo(lsn) >= 0;
    }

    private static String begin(Connection connection, String first) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            try (ResultSet rows = statement.executeQuery(first)) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private List<Finding> compare(Connection source, Connection target) throws SQLException {
        Scans scans = new Scans(AgreedHash.of(source, target), 12, 1_000);
        Findings findings = new Findings(20);
        try (Sessions expected = new Sessions(List.of(source), STATEMENTS);
                Sessions found = new Sessions(List.of(target), STATEMENTS)) {
            new Comparer(SqlSide.expected(expected, scans), SqlSide.found(found, scans), expected, Progress.SILENT)
                    .compare(Step.COMPARE, new ContractCompiler(contract).models(), findings);
        }
        return findings.kept();
    }
}
