/** Refusing to start: one clear message and an exit code. */
@NullMarked
package io.shadowwrite.api.start;

import org.jspecify.annotations.NullMarked;
