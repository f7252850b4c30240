/** The gate's decisions, remembered for good. */
@NullMarked
package io.shadowwrite.api.audit;

import org.jspecify.annotations.NullMarked;
