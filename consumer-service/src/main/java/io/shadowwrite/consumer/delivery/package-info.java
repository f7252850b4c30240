/** The one thread that takes source transactions from the slot, posts what they become, and acknowledges the answer. */
@NullMarked
package io.shadowwrite.consumer.delivery;

import org.jspecify.annotations.NullMarked;
