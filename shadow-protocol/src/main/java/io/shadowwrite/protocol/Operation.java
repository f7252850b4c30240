package io.shadowwrite.protocol;

/** What happened to a source row. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE
}
