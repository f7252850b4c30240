/** A logical slot as a stream of whole source transactions, acknowledged only when told. */
@NullMarked
package io.shadowwrite.replication.stream;

import org.jspecify.annotations.NullMarked;
