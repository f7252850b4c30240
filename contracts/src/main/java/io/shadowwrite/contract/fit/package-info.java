/** Whether a live database fits a contract. */
@NullMarked
package io.shadowwrite.contract.fit;

import org.jspecify.annotations.NullMarked;
