/** The suite on schemas that nobody designed for it: tables of every type, and traffic that knows only the catalog. */
@NullMarked
package io.shadowwrite.system.identity;

import org.jspecify.annotations.NullMarked;
