/** How fast a backlog is caught up, beside PostgreSQL's own replication in the same run. */
@NullMarked
package io.shadowwrite.system.bench;

import org.jspecify.annotations.NullMarked;
