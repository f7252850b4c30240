/** The target's clock, and how often it went back. */
@NullMarked
package io.shadowwrite.api.clock;

import org.jspecify.annotations.NullMarked;
