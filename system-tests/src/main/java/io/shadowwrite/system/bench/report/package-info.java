/** What a benchmark measured, against its goals, for people and for machines. */
@NullMarked
package io.shadowwrite.system.bench.report;

import org.jspecify.annotations.NullMarked;
