/** What the tests of readers read: a small source with the slots of a window. */
@NullMarked
package io.shadowwrite.delivery.testing;

import org.jspecify.annotations.NullMarked;
