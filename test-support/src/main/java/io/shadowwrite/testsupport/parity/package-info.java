/** Parity cases: what the output plug-in says of a few SQL statements, and the writes that must come of it. */
@NullMarked
package io.shadowwrite.testsupport.parity;

import org.jspecify.annotations.NullMarked;
