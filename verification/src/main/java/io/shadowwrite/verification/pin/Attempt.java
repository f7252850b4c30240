package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.SQLException;
import java.time.Instant;

/** One try to pin: sessions are opened before, and closed behind it unless it succeeds. */
record Attempt(SourceConnection source, TargetConnection target, PinSettings settings, Progress progress) {

    /** What a kind of pin does with open sessions. */
    @FunctionalInterface
    interface Pinning {
        PinnedSides pin(OpenSessions open, Instant hour) throws SQLException;
    }

    /** Everything that fails once the sessions are open makes the pin impossible this time. */
    PinOutcome at(Pinning pinning) {
        OpenSessions open = OpenSessions.open(source, target, settings);
        boolean pinned = false;
        try {
            PinOutcome outcome = outcome(pinning, open, SourceHour.read(open.control()));
            pinned = outcome instanceof PinOutcome.Pinned;
            if (outcome instanceof PinOutcome.Impossible(String reason, Instant _, boolean _)) {
                progress.step(Step.PIN_MISSED, reason);
            }
            return outcome;
        } finally {
            if (pinned) {
                Sessions.closeQuietly(open.control());
            } else {
                open.close();
            }
        }
    }

    private static PinOutcome outcome(Pinning pinning, OpenSessions open, Instant hour) {
        try {
            return new PinOutcome.Pinned(pinning.pin(open, hour));
        } catch (HoldRefused | PinMissed e) {
            return new PinOutcome.Impossible(String.valueOf(e.getMessage()), hour, true);
        } catch (StreamProblem e) {
            return new PinOutcome.Impossible(String.valueOf(e.getMessage()), hour, e.retryable());
        } catch (SQLException e) {
            String reason = "a session broke while pinning (SQLSTATE %s)".formatted(e.getSQLState());
            return new PinOutcome.Impossible(reason, hour, true);
        }
    }
}
