/** Seeded write traffic on the worked contract's source, with every habit of a real application that a mirror may trip over. */
@NullMarked
package io.shadowwrite.system.traffic;

import org.jspecify.annotations.NullMarked;
