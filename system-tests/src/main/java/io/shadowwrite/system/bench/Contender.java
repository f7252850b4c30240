package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Somebody who catches up a backlog. From the start it rests, reading nothing, except between {@link #release()} and
 * {@link #rest()}. For one thread.
 */
sealed interface Contender permits Ours, NativeSubscription, Debezium {

    /** How long a change of what it does may take. */
    Duration PATIENCE = Duration.ofSeconds(60);

    Entrant entrant();

    /** Where its rows end up. */
    Database target();

    /** The table there that holds the movements of the source. */
    String movements();

    /** Its operating system processes outside the database servers, by the name they are reported under. */
    Map<String, Long> processes();

    /** The slots it reads. */
    List<String> slots();

    /** Begins to read; returns at once. */
    void release();

    /** Whether everything of the backlog is committed in the target. Asked often. */
    boolean reached(Backlog backlog, Observer observer);

    /** A query of the target that answers what {@link Source#IMAGE} answers of the source. */
    String image();

    /** Fails unless the target holds everything that belongs to the events beside the rows. */
    void check(Backlog backlog, Observer observer);

    /** Stops reading; returns when the source is not read any more. */
    void rest();
}
