/** Opens the window: both slots, the rows that are there, and the word of a verifier that they came over right. */
@NullMarked
package io.shadowwrite.backfill;

import org.jspecify.annotations.NullMarked;
