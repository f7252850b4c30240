/** The one thread that takes source transactions from the slot and posts a receipt for every change in them. */
@NullMarked
package io.shadowwrite.slotreader.reading;

import org.jspecify.annotations.NullMarked;
