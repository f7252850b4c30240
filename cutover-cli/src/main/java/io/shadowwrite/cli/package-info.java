/** The operator's command line. */
@NullMarked
package io.shadowwrite.cli;

import org.jspecify.annotations.NullMarked;
