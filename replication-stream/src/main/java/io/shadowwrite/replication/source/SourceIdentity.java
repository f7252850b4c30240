package io.shadowwrite.replication.source;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;

/**
 * Which server's WAL an LSN belongs to. Two LSNs are comparable only under the same system identifier and timeline.
 *
 * @param systemIdentifier unique identifier of the cluster, decimal
 * @param timeline current timeline
 * @param serverVersion version number, for example 150018
 */
public record SourceIdentity(String systemIdentifier, int timeline, int serverVersion) {

    /**
     * Asks the server over a short replication connection.
     *
     * @throws StreamProblem when the source does not let us in
     */
    public static SourceIdentity read(SourceConnection source, String applicationName) {
        return NotYet.written(source + applicationName);
    }

    /** Whether LSNs of both mean the same. */
    public boolean sameHistory(SourceIdentity other) {
        return systemIdentifier.equals(other.systemIdentifier) && timeline == other.timeline;
    }
}
