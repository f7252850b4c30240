/** The key map asked from both sides: where source rows went, and where target rows come from. */
@NullMarked
package io.shadowwrite.api.lookup;

import org.jspecify.annotations.NullMarked;
