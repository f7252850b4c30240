/** Reads of target rows as of a position: pages, single rows, streams and digests, all from snapshots of their own. */
@NullMarked
package io.shadowwrite.api.read;

import org.jspecify.annotations.NullMarked;
