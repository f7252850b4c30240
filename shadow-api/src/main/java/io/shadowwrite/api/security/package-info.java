/** Who may call /shadow/*: two bearer tokens, compared in constant time. */
@NullMarked
package io.shadowwrite.api.security;

import org.jspecify.annotations.NullMarked;
