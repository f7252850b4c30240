/** POST /shadow/write/batch: whole source transactions into the target, in one target transaction. */
@NullMarked
package io.shadowwrite.api.write;

import org.jspecify.annotations.NullMarked;
