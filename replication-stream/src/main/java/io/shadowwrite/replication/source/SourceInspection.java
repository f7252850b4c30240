package io.shadowwrite.replication.source;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Looks at a source before, and regularly while, it is read. Every finding carries the SQL that repairs it. Uses the
 * given connection from the calling thread and leaves it open.
 */
public final class SourceInspection {

    private final Connection connection;

    /** Inspects through an ordinary SQL connection. */
    public SourceInspection(Connection connection) {
        this.connection = connection;
    }

    /** What keeps this server from decoding for us: version, wal_level, encoding, plug-in, privilege, free slots. */
    public List<StreamProblem> server() {
        return NotYet.written(connection.toString());
    }

    /** How each of the tables, and each of their partitions, names old rows. A missing table is a problem of {@link #tables}. */
    public List<ReplicaIdentity> identities(Collection<TableName> tables) {
        return NotYet.written(tables.toString());
    }

    /** What would make changes of these tables vanish silently: missing tables and unusable identities. */
    public List<StreamProblem> tables(Collection<TableName> tables) {
        return NotYet.written(tables.toString());
    }

    /** Open transactions with an xid, and prepared ones, older than {@code age}; oldest first, at most 100. */
    public List<OldTransaction> transactionsOlderThan(Duration age) {
        return NotYet.written(age.toString());
    }
}
