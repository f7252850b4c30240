package io.shadowwrite.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one target column comes from one source row. The set is closed: each member has one meaning in Java and one in SQL
 * over canonical text, and a property test holds them together. NULL in gives NULL out unless a member says otherwise.
 */
public sealed interface Expression {

    /**
     * A copy.
     *
     * @param type the source column's type
     * @param cast the target column's type, named in the contract when the kinds differ
     */
    record Column(String name, ColumnType type, @Nullable ColumnType cast) implements Expression {}

    /** The same value for every row, as canonical text. */
    record Constant(@Nullable String value) implements Expression {}

    /** The identity derived from this row's own source key and the model of the write. */
    record Derived() implements Expression {}

    /**
     * A foreign key: the identity derived from another source row, which need not have arrived. NULL when any of the
     * columns is NULL.
     *
     * @param table the referenced source table
     * @param model the model whose identity is meant
     * @param columns for each key column of the referenced table the column of this row that holds it
     */
    record Reference(QualifiedName table, String model, Map<String, Column> columns) implements Expression {
        public Reference {
            columns = Ordered.copyOf(columns);
        }
    }

    /**
     * A value table.
     *
     * @param entries source text to target text
     * @param otherwise the value for anything else
     * @param strict whether anything else is an error instead
     */
    record ValueMap(
            Expression of,
            Map<String, String> entries,
            @Nullable String otherwise,
            boolean strict) implements Expression {
        public ValueMap {
            entries = Ordered.copyOf(entries);
        }
    }

    /** The first part that is not NULL. */
    record Coalesce(List<Expression> parts) implements Expression {
        public Coalesce {
            parts = List.copyOf(parts);
        }
    }

    /** The parts that are not NULL, with the separator between them; never NULL itself. */
    record Concat(List<Expression> parts, String separator) implements Expression {
        public Concat {
            parts = List.copyOf(parts);
        }
    }

    /** The scalar at a path inside a json or jsonb column as text; NULL for a missing, null or structured value. */
    record JsonField(Column of, List<String> path) implements Expression {
        public JsonField {
            path = List.copyOf(path);
        }
    }

    /** Without leading and trailing spaces (U+0020 only). */
    record Trim(Expression of) implements Expression {}

    /** ASCII letters in lower case; other characters unchanged, so that no locale decides. */
    record Lower(Expression of) implements Expression {}

    /** ASCII letters in upper case. */
    record Upper(Expression of) implements Expression {}

    /** A number times ten to the power, exactly: {@code -2} makes units of cents and two more decimals. */
    record Scale(Expression of, int power) implements Expression {}

    /** A timestamp without zone, read as local time of the zone; of an ambiguous hour the later offset. */
    record Zone(Expression of, String zone) implements Expression {}
}
