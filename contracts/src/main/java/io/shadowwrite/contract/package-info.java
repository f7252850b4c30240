/** What a source row becomes: the shadow contract and its one strict reader. */
@NullMarked
package io.shadowwrite.contract;

import org.jspecify.annotations.NullMarked;
