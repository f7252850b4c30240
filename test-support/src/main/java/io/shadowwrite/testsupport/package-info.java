/** Throw-away PostgreSQL servers and what tests ask of them. */
@NullMarked
package io.shadowwrite.testsupport;

import org.jspecify.annotations.NullMarked;
