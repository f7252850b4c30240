/** The description of the routes for other languages and tools. */
@NullMarked
package io.shadowwrite.api.openapi;

import org.jspecify.annotations.NullMarked;
