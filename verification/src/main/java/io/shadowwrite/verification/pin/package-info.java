/** Brings a source snapshot and a target snapshot to the same LSN, or tells exactly by what they differ. */
@NullMarked
package io.shadowwrite.verification.pin;

import org.jspecify.annotations.NullMarked;
