package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pin that is not even tried on a source that cannot be believed: where it loses changes, or is not what the contract
 * describes, equal rows say nothing about the next hour. Belongs inside a {@link RepeatedPin}: a source that cannot be looked
 * at for a moment is as passing as one that cannot be pinned.
 *
 * @param problems what stands against it, one line each; none when nothing does
 */
public record CheckedPin(SourceConnection source, Function<Connection, List<String>> problems, Pin pin) implements Pin {

    private static final String APPLICATION_NAME = "shadow-verifier-check";
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

    @Override
    public PinOutcome take() {
        try (Connection connection = source.openBounded(APPLICATION_NAME, ANSWER_BOUND)) {
            PinOutcome.Unfit unfit = unfit(connection);
            if (unfit != null) {
                return unfit;
            }
        } catch (SQLException closing) {
            throw StreamProblem.ofQuestion("looking at the tables of the source", closing);
        }
        return pin.take();
    }

    private PinOutcome.@Nullable Unfit unfit(Connection connection) {
        try {
            List<String> found = problems.apply(connection);
            return found.isEmpty()
                    ? null
                    : new PinOutcome.Unfit(String.join(" | ", found), SourceHour.read(connection), false);
        } catch (StreamProblem e) {
            if (!e.retryable() || e.code() == StreamProblem.Code.CONNECTION_LOST) {
                throw e;
            }
            return new PinOutcome.Unfit(String.valueOf(e.getMessage()), SourceHour.read(connection), true);
        }
    }
}
