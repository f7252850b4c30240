/** What every reader of a slot does the same way: one thread that takes the slot, works, and says how it is doing. */
@NullMarked
package io.shadowwrite.delivery;

import org.jspecify.annotations.NullMarked;
