/** What must hold in both databases before a window is opened. */
@NullMarked
package io.shadowwrite.cli.check;

import org.jspecify.annotations.NullMarked;
