/** Random kill -9 of programs and databases under traffic, from a seed, and what may not have happened afterwards. */
@NullMarked
package io.shadowwrite.system.kills;

import org.jspecify.annotations.NullMarked;
