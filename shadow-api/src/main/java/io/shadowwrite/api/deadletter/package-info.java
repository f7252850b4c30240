/** Changes that could not be applied, those that wait behind them, and what a person decides about them. */
@NullMarked
package io.shadowwrite.api.deadletter;

import org.jspecify.annotations.NullMarked;
