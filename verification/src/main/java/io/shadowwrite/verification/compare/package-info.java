/** Tells what differs between two scans and gives each difference its class. */
@NullMarked
package io.shadowwrite.verification.compare;

import org.jspecify.annotations.NullMarked;
