package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.TargetConnection;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every connection a pin needs, opened before the consumer is held, so that connecting costs it nothing.
 *
 * @param control a source session in auto-commit mode
 * @param source source sessions that will share the snapshot
 * @param target target sessions that will share the other one
 */
record OpenSessions(Connection control, List<Connection> source, List<Connection> target) {

    private static final String APPLICATION_NAME = "shadow-verifier";

    /** A comparison has a deadline of its own; this only keeps a defect from waiting for ever. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    static OpenSessions open(SourceConnection sourceAddress, TargetConnection targetAddress, PinSettings settings) {
        List<Connection> opened = new ArrayList<>();
        try {
            Connection control = add(opened, control(sourceAddress, settings));
            List<Connection> source = new ArrayList<>();
            List<Connection> target = new ArrayList<>();
            for (int i = 0; i < settings.readers(); i++) {
                source.add(add(opened, reader(sourceAddress, settings)));
                target.add(add(opened, prepared(targetAddress.open(APPLICATION_NAME), settings, _ -> {})));
            }
            return new OpenSessions(control, List.copyOf(source), List.copyOf(target));
        } catch (RuntimeException e) {
            opened.forEach(Sessions::closeQuietly);
            throw e;
        }
    }

    private static Connection add(List<Connection> opened, Connection connection) {
        opened.add(connection);
        return connection;
    }

    /**
     * A source session that will share a snapshot; the caller closes it.
     *
     * @throws VerificationProblem SESSION_SETTING
     */
    static Connection reader(SourceConnection address, PinSettings settings) {
        return prepared(address.open(APPLICATION_NAME), settings, _ -> {});
    }

    /** A source session for questions and messages, likewise. */
    static Connection control(SourceConnection address, PinSettings settings) {
        return prepared(address.open(APPLICATION_NAME), settings, SessionBounds::waitForNoStandby);
    }

    private static Connection prepared(Connection connection, PinSettings settings, Sessions.Preparation more) {
        try {
            SessionBounds.whilePinning(connection);
            PinnedSession.pin(connection, settings.statementTimeout());
            more.on(connection);
            return connection;
        } catch (SQLException e) {
            Sessions.closeQuietly(connection);
            throw new VerificationProblem(
                    Code.SESSION_SETTING,
                    "a session cannot be prepared (SQLSTATE %s)".formatted(e.getSQLState()),
                    "Connect without a pooler, as a role that may change its session settings",
                    e);
        } catch (RuntimeException e) {
            Sessions.closeQuietly(connection);
            throw e;
        }
    }

    /** Readers of the pinned source. */
    Sessions sourceReaders(Duration statementTimeout) throws SQLException {
        return readers(source, statementTimeout);
    }

    /** Readers of the pinned target. */
    Sessions targetReaders(Duration statementTimeout) throws SQLException {
        return readers(target, statementTimeout);
    }

    static Sessions readers(List<Connection> pinned, Duration statementTimeout) throws SQLException {
        for (Connection reader : pinned) {
            SessionBounds.whileReading(reader, statementTimeout);
        }
        return new Sessions(pinned, LONGEST_WAIT);
    }

    /** Lets the source's snapshot go, so that another can be imported. */
    void forgetSource() throws SQLException {
        for (Connection reader : source) {
            reader.rollback();
        }
    }

    /** Closes what will not be read from: everything. */
    void close() {
        Sessions.closeQuietly(control);
        source.forEach(Sessions::closeQuietly);
        target.forEach(Sessions::closeQuietly);
    }
}
