/** The program that attests every event of the source independently of the consumer: its start and its settings. */
@NullMarked
package io.shadowwrite.slotreader;

import org.jspecify.annotations.NullMarked;
