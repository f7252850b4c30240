/** Brings a source snapshot and a target snapshot to the same LSN. */
@NullMarked
package io.shadowwrite.verification.pin;

import org.jspecify.annotations.NullMarked;
