/** The programs of the suite as separate processes on one machine. */
@NullMarked
package io.shadowwrite.system.suite;

import org.jspecify.annotations.NullMarked;
