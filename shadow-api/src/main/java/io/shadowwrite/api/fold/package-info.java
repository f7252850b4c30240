/** What a list of source transactions leaves of each target row; pure, knows no database. */
@NullMarked
package io.shadowwrite.api.fold;

import org.jspecify.annotations.NullMarked;
