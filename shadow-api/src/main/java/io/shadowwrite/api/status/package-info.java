/** One answer to everything an operator asks first. */
@NullMarked
package io.shadowwrite.api.status;

import org.jspecify.annotations.NullMarked;
