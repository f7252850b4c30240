/** Orders not to apply past a point. */
@NullMarked
package io.shadowwrite.api.hold;

import org.jspecify.annotations.NullMarked;
