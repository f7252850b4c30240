package io.shadowwrite.verification.race;

/**
 * A source row that a difference may come from.
 *
 * @param suspect number of the suspect
 * @param table schema.name
 * @param key canonical source key
 */
record SourceRow(int suspect, String table, String key) {}
