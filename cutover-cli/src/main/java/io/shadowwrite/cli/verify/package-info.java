/** What the verifier stored, and whether one of its findings still stands. */
@NullMarked
package io.shadowwrite.cli.verify;

import org.jspecify.annotations.NullMarked;
