package io.shadowwrite.system.traffic;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One writer: plays activities on its own connection until the pace says stop. Activities come from a shuffled deck that
 * holds each as often as it weighs, so that a whole deck leaves none out.
 */
final class Writer {

    private static final int ATTEMPTS = 10;
    private static final int ABANDONED_IN_A_ROW = 50;
    /** Serialization failure, deadlock, lock timeout, unique and foreign key violation: what rivals for rows run into. */
    private static final Set<String> WORTH_ANOTHER_ATTEMPT = Set.of("40001", "40P01", "55P03", "23505", "23503");

    private final Connection connection;
    private final SplittableRandom random;
    private final Pace pace;
    private final Tally tally = new Tally();
    private final Deque<Activity> deck = new ArrayDeque<>();
    private int abandonedInARow;

    /** The connection is left open; it must not be in auto-commit mode. */
    Writer(Connection connection, SplittableRandom random, Pace pace) {
        this.connection = connection;
        this.random = random;
        this.pace = pace;
    }

    Tally write() throws SQLException {
        while (pace.more()) {
            play(next());
        }
        return tally;
    }

    private Activity next() {
        if (deck.isEmpty()) {
            List<Activity> cards = new ArrayList<>();
            for (Activity activity : Activity.values()) {
                for (int i = 0; i < activity.weight(); i++) {
                    cards.add(random.nextInt(cards.size() + 1), activity);
                }
            }
            deck.addAll(cards);
        }
        return deck.remove();
    }

    private void play(Activity activity) throws SQLException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt(activity)) {
                abandonedInARow = 0;
                return;
            }
            tally.retried();
        }
        tally.gaveUp();
        if (++abandonedInARow == ABANDONED_IN_A_ROW) {
            throw new SQLException("%d transactions in a row could not be written".formatted(ABANDONED_IN_A_ROW));
        }
    }

    private boolean attempt(Activity activity) throws SQLException {
        Session session = new Session(connection, new Values(random.split()));
        try {
            activity.play(session);
            if (activity.commits()) {
                connection.commit();
                pace.done(session.changes());
            } else {
                connection.rollback();
            }
        } catch (SQLException e) {
            connection.rollback();
            if (!WORTH_ANOTHER_ATTEMPT.contains(String.valueOf(e.getSQLState()))) {
                throw new SQLException("activity " + activity + " failed", e.getSQLState(), e);
            }
            return false;
        }
        tally.played(activity, session);
        return true;
    }
}
