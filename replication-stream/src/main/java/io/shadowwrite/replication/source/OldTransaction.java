package io.shadowwrite.replication.source;

import java.time.Duration;

/**
 * A transaction of the source that slot creation would have to wait for.
 *
 * @param description the process id with its application name, or the name of the prepared transaction
 * @param age how long it has been open
 * @param prepared whether it waits for COMMIT PREPARED
 */
public record OldTransaction(String description, Duration age, boolean prepared) {}
