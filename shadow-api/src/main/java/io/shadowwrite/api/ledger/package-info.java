/** Receipts of both readers, and the partitions that hold them. */
@NullMarked
package io.shadowwrite.api.ledger;

import org.jspecify.annotations.NullMarked;
