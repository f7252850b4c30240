/** Loading rows of a snapshot into a target that is still empty, and what becomes of the window then. */
@NullMarked
package io.shadowwrite.api.load;

import org.jspecify.annotations.NullMarked;
