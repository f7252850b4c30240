/** Reads the rows of a snapshot range by range and has them written. */
@NullMarked
package io.shadowwrite.backfill.load;

import org.jspecify.annotations.NullMarked;
