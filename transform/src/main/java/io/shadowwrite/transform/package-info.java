/** Turns one row change into the shadow writes its contract asks for; pure. */
@NullMarked
package io.shadowwrite.transform;

import org.jspecify.annotations.NullMarked;
