/** The gate: from writers that are paused to a permit, or back to where it began. */
@NullMarked
package io.shadowwrite.cli.cutover;

import org.jspecify.annotations.NullMarked;
