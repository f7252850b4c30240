package io.shadowwrite.protocol;

import java.time.Instant;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A window whose rows are still to be loaded. Until that is done and compared, nothing of the stream is applied.
 *
 * @param window as it will be; its consumer baseline is the LSN of the snapshot
 * @param snapshot the name by which the snapshot is imported, for whoever compares what was loaded
 * @param snapshotAt the source's clock just before the snapshot, microseconds: loaded rows are valid from there, so that
 *     every later commit comes after it
 * @param sourceSchema SHA-256 over the mapped tables' columns, keys and replica identities
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadStart(Window window, String snapshot, Instant snapshotAt, String sourceSchema) {}
