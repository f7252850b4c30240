/** How fast the verifier compares two databases, beside the plain scan that bounds it and the sorted merge it replaces. */
@NullMarked
package io.shadowwrite.system.bench.verify;

import org.jspecify.annotations.NullMarked;
