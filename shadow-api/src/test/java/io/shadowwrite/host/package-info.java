/** A host of its own that embeds shadow-api. */
@NullMarked
package io.shadowwrite.host;

import org.jspecify.annotations.NullMarked;
