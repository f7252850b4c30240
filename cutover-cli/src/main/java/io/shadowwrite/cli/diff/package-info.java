/** What one contract says otherwise than another, and what has to follow. */
@NullMarked
package io.shadowwrite.cli.diff;

import org.jspecify.annotations.NullMarked;
