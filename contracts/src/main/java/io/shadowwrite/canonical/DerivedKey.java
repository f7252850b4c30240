package io.shadowwrite.canonical;

import io.shadowwrite.contract.QualifiedName;
import java.util.UUID;

/**
 * The target identity of a source row: a function of its table, key and model, so that order of arrival never matters.
 * Shaped as a UUID of version 7, but the leading bits are hash and not time.
 */
public final class DerivedKey {

    private DerivedKey() {}

    /** The identity of the row with this canonical key, as this model. */
    public static UUID of(QualifiedName table, String canonicalKey, String model) {
        throw new UnsupportedOperationException("being built: " + table + canonicalKey + model);
    }
}
