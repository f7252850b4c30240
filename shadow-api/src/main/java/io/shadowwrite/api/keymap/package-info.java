/** Where each source row ended up. */
@NullMarked
package io.shadowwrite.api.keymap;

import org.jspecify.annotations.NullMarked;
