/** Comparisons, their findings, and the run of clean hours. */
@NullMarked
package io.shadowwrite.api.verifierrun;

import org.jspecify.annotations.NullMarked;
