package io.shadowwrite.contract;

import java.util.List;

/**
 * A condition over the columns of one row. There is no negation, so SQL's unknown and false need not be told apart: a
 * comparison with NULL does not hold. Values are canonical text of the column's type; order of text is by code point.
 */
public sealed interface Filter {

    /** Every part holds. */
    record All(List<Filter> parts) implements Filter {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** At least one part holds. */
    record Any(List<Filter> parts) implements Filter {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    record Compare(String column, ColumnType type, Operator operator, String value) implements Filter {}

    record In(String column, ColumnType type, List<String> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    record IsNull(String column) implements Filter {}

    record IsNotNull(String column) implements Filter {}

    /** A comparison operator by its SQL spelling. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        public String sql() {
            return sql;
        }
    }
}
