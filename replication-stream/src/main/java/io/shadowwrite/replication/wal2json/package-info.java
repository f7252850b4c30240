/** The frozen dialect of wal2json this suite speaks, and its strict reader. */
@NullMarked
package io.shadowwrite.replication.wal2json;

import org.jspecify.annotations.NullMarked;
