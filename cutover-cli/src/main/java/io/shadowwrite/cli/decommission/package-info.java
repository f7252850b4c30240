/** What a migration leaves in both databases, and taking it away. */
@NullMarked
package io.shadowwrite.cli.decommission;

import org.jspecify.annotations.NullMarked;
