/** Slot one, transformed and delivered in commit order. */
@NullMarked
package io.shadowwrite.consumer;

import org.jspecify.annotations.NullMarked;
