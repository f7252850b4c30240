package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import java.util.Map;

/** SQL expressions that compute on a server what {@link CanonicalValue}, {@link CanonicalKey} and {@link DerivedKey} compute here. */
public final class CanonicalSql {

    private CanonicalSql() {}

    /** Canonical text of a column or expression of that type; NULL stays NULL. */
    public static String text(ColumnType type, String expression) {
        throw new UnsupportedOperationException("being built: " + type + expression);
    }

    /** Canonical key JSON as text, from an SQL expression per key column (of the column's own type, not text). */
    public static String keyJson(Map<String, ColumnType> types, Map<String, String> expressions) {
        throw new UnsupportedOperationException("being built: " + types + expressions);
    }

    /** The derived identity as uuid, from an SQL expression for the canonical key text. */
    public static String derivedKey(QualifiedName table, String keyExpression, String model) {
        throw new UnsupportedOperationException("being built: " + table + keyExpression + model);
    }
}
