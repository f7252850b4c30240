package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Load;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What was written to the source and is to be caught up.
 *
 * @param events row changes, the marker included
 * @param marker key of the row that its last transaction inserts
 * @param start before its first transaction
 * @param end within its last transaction: whoever applied everything that committed before it lacks only that one
 */
record Backlog(Load load, long events, long marker, LogSequenceNumber start, LogSequenceNumber end) {}
