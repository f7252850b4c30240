/** Every way in which a target may be wrong, put into it on purpose, and what one verification says of it. */
@NullMarked
package io.shadowwrite.system.mutation;

import org.jspecify.annotations.NullMarked;
