/** What the API counts of its own work. */
@NullMarked
package io.shadowwrite.api.metrics;

import org.jspecify.annotations.NullMarked;
