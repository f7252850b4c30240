/** Logical replication slots and the snapshots they export. */
@NullMarked
package io.shadowwrite.replication.slot;

import org.jspecify.annotations.NullMarked;
