/** The tables of the contract's models: what they hold now, and writing them set by set. */
@NullMarked
package io.shadowwrite.api.target;

import org.jspecify.annotations.NullMarked;
