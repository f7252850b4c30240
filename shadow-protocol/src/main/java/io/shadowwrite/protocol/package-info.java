/** Everything that crosses the wire to and from shadow-api. */
@NullMarked
package io.shadowwrite.protocol;

import org.jspecify.annotations.NullMarked;
