/** Slot two, attested event by event. */
@NullMarked
package io.shadowwrite.slotreader;

import org.jspecify.annotations.NullMarked;
