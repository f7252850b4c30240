/** The bodies of requests that nobody holds whole. */
@NullMarked
package io.shadowwrite.api.request;

import org.jspecify.annotations.NullMarked;
