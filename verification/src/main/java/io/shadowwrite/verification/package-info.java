/** Proves, at one LSN, that the target holds what the contract makes of the source. */
@NullMarked
package io.shadowwrite.verification;

import org.jspecify.annotations.NullMarked;
