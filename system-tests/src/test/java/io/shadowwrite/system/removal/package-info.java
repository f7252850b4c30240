/** Taking the suite out of the service that carries it, and out of its database. */
@NullMarked
package io.shadowwrite.system.removal;

import org.jspecify.annotations.NullMarked;
