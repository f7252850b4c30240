package io.shadowwrite.replication;

/**
 * Schema and name of one table, exactly as the catalog spells them: no quoting, no case folding.
 *
 * @param schema name of the schema
 * @param name name of the table
 */
public record TableName(String schema, String name) implements Comparable<TableName> {

    public TableName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table name needs a schema and a name");
        }
    }

    /**
     * Reads {@code schema.name}; the first dot separates.
     *
     * @throws IllegalArgumentException when the text has no schema or no name
     */
    public static TableName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("write the table as schema.name instead of " + text);
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** The unquoted form {@code schema.name}. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
