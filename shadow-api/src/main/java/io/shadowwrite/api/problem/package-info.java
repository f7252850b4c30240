/** Requests and answers on the wire: our strict JSON for our records, and every failure as a problem document. */
@NullMarked
package io.shadowwrite.api.problem;

import org.jspecify.annotations.NullMarked;
