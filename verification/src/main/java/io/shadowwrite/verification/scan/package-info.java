/** Row hashes by bucket and keys in order, read from pinned snapshots. */
@NullMarked
package io.shadowwrite.verification.scan;

import org.jspecify.annotations.NullMarked;
