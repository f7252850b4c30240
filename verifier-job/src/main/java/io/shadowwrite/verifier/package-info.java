/** One verification tick from pin to stored verdict. */
@NullMarked
package io.shadowwrite.verifier;

import org.jspecify.annotations.NullMarked;
