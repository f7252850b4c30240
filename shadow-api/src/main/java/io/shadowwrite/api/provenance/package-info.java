/** Who wrote a target row. */
@NullMarked
package io.shadowwrite.api.provenance;

import org.jspecify.annotations.NullMarked;
