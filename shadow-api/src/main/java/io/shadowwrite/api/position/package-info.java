/** How far both readers are. */
@NullMarked
package io.shadowwrite.api.position;

import org.jspecify.annotations.NullMarked;
