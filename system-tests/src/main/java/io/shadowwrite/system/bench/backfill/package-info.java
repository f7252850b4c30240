/** How fast a load is beside PostgreSQL's own dump and restore. */
@NullMarked
package io.shadowwrite.system.bench.backfill;

import org.jspecify.annotations.NullMarked;
