/** The source database as a place to connect to: its identity, its fitness for logical decoding, its heartbeat. */
@NullMarked
package io.shadowwrite.replication.source;

import org.jspecify.annotations.NullMarked;
