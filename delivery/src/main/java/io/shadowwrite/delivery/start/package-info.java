/** How a reader's program starts: the settings all of them have, and the expected reasons not to start. */
@NullMarked
package io.shadowwrite.delivery.start;

import org.jspecify.annotations.NullMarked;
