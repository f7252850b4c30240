/** How a reader's program starts: the settings only readers have, and what is said when it does not start. */
@NullMarked
package io.shadowwrite.delivery.start;

import org.jspecify.annotations.NullMarked;
