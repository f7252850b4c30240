/** The application around the one writer of target rows. */
@NullMarked
package io.shadowwrite.api;

import org.jspecify.annotations.NullMarked;
