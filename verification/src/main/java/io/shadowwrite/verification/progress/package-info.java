/** Tells whoever waits for a verification how far it is. */
@NullMarked
package io.shadowwrite.verification.progress;

import org.jspecify.annotations.NullMarked;
