/** The migration window: opening it, and the sessions of its consumer. */
@NullMarked
package io.shadowwrite.api.window;

import org.jspecify.annotations.NullMarked;
