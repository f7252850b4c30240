package io.shadowwrite.contract;

import java.util.Objects;

/**
 * A table or type by schema and name, exactly as the catalog spells it.
 *
 * @param schema the schema, unquoted
 * @param name the name within the schema, unquoted
 */
public record QualifiedName(String schema, String name) implements Comparable<QualifiedName> {

    public QualifiedName {
        if (schema.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a qualified name needs a schema and a name");
        }
    }

    /**
     * Reads {@code schema.name}; the first dot separates.
     *
     * @throws IllegalArgumentException when there is no dot
     */
    public static QualifiedName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("'%s' is not schema.name".formatted(text));
        }
        return new QualifiedName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** The name as SQL, both parts quoted. */
    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    /** Any single identifier as SQL. */
    public static String quote(String identifier) {
        return '"' + Objects.requireNonNull(identifier).replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(QualifiedName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
