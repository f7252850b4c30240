/** Both readers of a source against a target, with time, network and servers that a seed decides over. */
@NullMarked
package io.shadowwrite.simulation;

import org.jspecify.annotations.NullMarked;
