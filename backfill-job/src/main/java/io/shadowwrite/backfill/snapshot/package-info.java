/** One snapshot of the source, kept alive by several sessions until nobody needs it any more. */
@NullMarked
package io.shadowwrite.backfill.snapshot;

import org.jspecify.annotations.NullMarked;
