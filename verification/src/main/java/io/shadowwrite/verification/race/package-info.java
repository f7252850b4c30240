/** Judges differences between sides that are not at one LSN by the transactions that only one of them shows. */
@NullMarked
package io.shadowwrite.verification.race;

import org.jspecify.annotations.NullMarked;
