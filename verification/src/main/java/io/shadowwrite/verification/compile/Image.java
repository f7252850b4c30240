package io.shadowwrite.verification.compile;

/**
 * A query whose rows are what one side says of a model: {@code k}, the canonical target key, and {@code c0}, {@code c1}
 * and so on, the columns of the {@link Comparison} as canonical text.
 *
 * @param table the table it reads, for findings
 * @param sql a SELECT without ORDER BY
 */
public record Image(String table, String sql) {}
