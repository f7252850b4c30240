package io.shadowwrite.protocol;

import java.util.Locale;

/** How a model is read, as its path says it. */
public enum ReadKind {
    /** A row for each version of an entity. */
    SCD,
    /** One row for each entity; junctions as well. */
    CRUD;

    /** The segment of the path. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
