/** What a source committed, as values: rows, changes, whole transactions, and what can go wrong on the way. */
@NullMarked
package io.shadowwrite.replication;

import org.jspecify.annotations.NullMarked;
