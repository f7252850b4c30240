/** The program that carries every committed change of the source to shadow-api: its start and its settings. */
@NullMarked
package io.shadowwrite.consumer;

import org.jspecify.annotations.NullMarked;
