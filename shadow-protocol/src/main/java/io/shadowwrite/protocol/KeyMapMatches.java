package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The answer to {@link KeyMapLookup}, as of one position.
 *
 * @param position every source transaction below it is in the answer, none at or above it
 * @param writesBeside how often replays and single writes had written target rows; with the position it says which state this is
 * @param eventsSince last events were looked for from here on
 * @param matches one for each key in the order of the request
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KeyMapMatches(
        @DecimalLsn LogSequenceNumber position,
        long writesBeside,
        @DecimalLsn LogSequenceNumber eventsSince,
        List<KeyMapMatch> matches) {}
