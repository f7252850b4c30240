/** POST /shadow/write/{scd,crud}/*: one write by somebody other than the stream, through the same engine. */
@NullMarked
package io.shadowwrite.api.single;

import org.jspecify.annotations.NullMarked;
