/** Drafts a contract, and the tables of a target, from the catalog of a live source. */
@NullMarked
package io.shadowwrite.cli.draft;

import org.jspecify.annotations.NullMarked;
