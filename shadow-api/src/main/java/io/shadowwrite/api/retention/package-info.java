/** Drops receipts that nobody can ask for any more, and tells how many are left. */
@NullMarked
package io.shadowwrite.api.retention;

import org.jspecify.annotations.NullMarked;
