/** One spelling of every value, key and derived identity, the same in Java and in SQL. */
@NullMarked
package io.shadowwrite.canonical;

import org.jspecify.annotations.NullMarked;
