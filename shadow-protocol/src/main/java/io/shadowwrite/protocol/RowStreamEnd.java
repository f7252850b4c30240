package io.shadowwrite.protocol;

/** The last line of a whole stream: how many rows stood before it. */
record RowStreamEnd(long rows) {}
