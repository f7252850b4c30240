/** Our own connections to the target, our schema in it, and its dictionaries. */
@NullMarked
package io.shadowwrite.api.database;

import org.jspecify.annotations.NullMarked;
