/** Counts, from what is stored, that every change which the slot reader saw has exactly one disposition. */
@NullMarked
package io.shadowwrite.api.conservation;

import org.jspecify.annotations.NullMarked;
