/** The whole suite as processes: quickstart, traffic, faults. */
@NullMarked
package io.shadowwrite.system;

import org.jspecify.annotations.NullMarked;
