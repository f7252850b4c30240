/** What a tick found and what follows from it. */
@NullMarked
package io.shadowwrite.verification.verdict;

import org.jspecify.annotations.NullMarked;
