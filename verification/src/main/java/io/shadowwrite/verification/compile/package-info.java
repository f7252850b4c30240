/** The contract as SQL: what each source row should have become, and what the target holds, as comparable text. */
@NullMarked
package io.shadowwrite.verification.compile;

import org.jspecify.annotations.NullMarked;
