/**
 * What programs have in common before they do anything: the settings most of them have, the look at the source, and the
 * expected reasons not to start.
 */
@NullMarked
package io.shadowwrite.program;

import org.jspecify.annotations.NullMarked;
