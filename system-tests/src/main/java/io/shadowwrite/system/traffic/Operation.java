package io.shadowwrite.system.traffic;

/** What a statement does to rows. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE
}
