/** The whole story in one command: open, stream, verify, catch a planted fault, repair it. */
@NullMarked
package io.shadowwrite.system.quickstart;

import org.jspecify.annotations.NullMarked;
