package io.shadowwrite.system.kills;

/**
 * One row change, as whoever saw it tells of it.
 *
 * @param row table and key after the change, of a deleted row before it
 * @param xid the source transaction
 * @param operation INSERT, UPDATE or DELETE
 */
record Change(String row, long xid, String operation) {}
