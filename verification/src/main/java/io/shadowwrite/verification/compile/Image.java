package io.shadowwrite.verification.compile;

import java.util.List;

/**
 * What one side says of a model, as the parts of a query over the rows {@code s} of one relation.
 *
 * @param table the table it reads, for findings
 * @param relation the same as SQL
 * @param key the canonical target key, never NULL
 * @param texts the columns of the {@link Comparison} as canonical text
 * @param values the same columns as {@link io.shadowwrite.canonical.RowHash} takes them: of both sides spelled alike
 * @param condition which rows count
 * @param pair whether a row is nothing but two canonical keys, its own and its one column
 */
public record Image(
        String table,
        String relation,
        String key,
        List<String> texts,
        List<String> values,
        String condition,
        boolean pair) {

    public Image {
        texts = List.copyOf(texts);
        values = List.copyOf(values);
    }

    /** Those of its rows that meet another condition, too. */
    Image where(String more) {
        return new Image(table, relation, key, texts, values, "(" + condition + ") and " + more, pair);
    }

    /** Every row as text: {@code k}, the key, and {@code c0}, {@code c1} and so on. */
    public String sql() {
        StringBuilder sql = new StringBuilder("select ").append(key).append(" as k");
        for (int i = 0; i < texts.size(); i++) {
            sql.append(",\n       ").append(texts.get(i)).append(" as c").append(i);
        }
        return sql.append("\n  ").append(from()).toString();
    }

    /** Whether it pairs the key of each row of another image with a key, so that both can be read at once. */
    public boolean pairsRowsOf(Image rows) {
        return pair
                && !rows.pair
                && from().equals(rows.from())
                && values.getFirst().equals(rows.key);
    }

    /** FROM and WHERE. */
    public String from() {
        return "from " + relation + " as s\n where " + condition;
    }
}
