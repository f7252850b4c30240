/** The receipts of both readers, held against each other for whoever may not read the ledger itself. */
@NullMarked
package io.shadowwrite.api.receipt;

import org.jspecify.annotations.NullMarked;
