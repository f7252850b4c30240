/** Holds the receipts of the two readers against each other (SC1). */
@NullMarked
package io.shadowwrite.verification.attest;

import org.jspecify.annotations.NullMarked;
