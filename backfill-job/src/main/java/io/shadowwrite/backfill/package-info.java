/** Opens the window: both slots and the point they start from. */
@NullMarked
package io.shadowwrite.backfill;

import org.jspecify.annotations.NullMarked;
