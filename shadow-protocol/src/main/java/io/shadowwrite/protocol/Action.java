package io.shadowwrite.protocol;

/** What a write asks of its target row. */
public enum Action {
    /** The row shall exist with these values. */
    UPSERT,
    /** The row shall not exist (SCD2: shall have no current version, or an archived one); nothing to do when it does not. */
    REMOVE
}
