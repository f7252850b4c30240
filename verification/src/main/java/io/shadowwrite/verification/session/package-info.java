/** Database sessions whose settings cannot change what a value looks like. */
@NullMarked
package io.shadowwrite.verification.session;

import org.jspecify.annotations.NullMarked;
