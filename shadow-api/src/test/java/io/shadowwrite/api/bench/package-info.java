/** Measures the API alone; run by hand, never by the test suite. */
@NullMarked
package io.shadowwrite.api.bench;

import org.jspecify.annotations.NullMarked;
