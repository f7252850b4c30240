package io.shadowwrite.api.target;

import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statements for one model's table, built once from the contract. Every parameter is a text array, one per column in
 * the order of the statement; values are cast by the server, so that one spelling serves all types.
 */
final class ModelSql {

    private final ModelColumns columns;
    private final String table;

    ModelSql(ModelColumns columns) {
        this.columns = columns;
        this.table = columns.model().table().quoted();
    }

    /** Parameters: key columns. Yields ord, open, archived, from_micros, until_micros and, on request, every column. */
    String find(boolean withRow) {
        return """
                select k.ord, v.*
                  from %s with ordinality as k(%s, ord)
                 cross join lateral (select %s%s
                                       from %s t
                                      where %s
                                      %s
                                      limit 1) v
                """.formatted(
                        unnest(keyCount()),
                        aliases("k", keyCount()),
                        versionColumns(),
                        withRow ? rowTexts() : "",
                        table,
                        keyMatches("t", "k"),
                        youngestFirst());
    }

    private String versionColumns() {
        return switch (columns.model()) {
            case TargetModel.Scd2 scd2 ->
                """
                    %s is null as open, %s as archived, %s as from_micros, %s as until_micros""".formatted(
                                column("t", scd2.validTo()),
                                scd2.archived() == null ? "false" : column("t", scd2.archived()),
                                micros(column("t", scd2.validFrom())),
                                micros(column("t", scd2.validTo())));
            case TargetModel.Crud _, TargetModel.Junction _ ->
                "true as open, false as archived, 0::bigint as from_micros, null::bigint as until_micros";
        };
    }

    private static String micros(String timestamp) {
        return "(extract(epoch from %s) * 1000000)::bigint".formatted(timestamp);
    }

    private String rowTexts() {
        return columns.names().stream()
                .map(name -> ", " + column("t", name) + "::text as " + QualifiedName.quote("row." + name))
                .collect(Collectors.joining());
    }

    private String youngestFirst() {
        return columns.model() instanceof TargetModel.Scd2 scd2
                ? "order by %s desc".formatted(column("t", scd2.validFrom()))
                : "";
    }

    /** Parameters: key columns, end. */
    String close(TargetModel.Scd2 model) {
        int keys = keyCount();
        return """
                update %s t
                   set %s = k.k%d::timestamptz
                  from %s as k(%s)
                 where %s
                   and %s is null
                """.formatted(
                        table,
                        QualifiedName.quote(model.validTo()),
                        keys,
                        unnest(keys + 1),
                        aliases("k", keys + 1),
                        keyMatches("t", "k"),
                        column("t", model.validTo()));
    }

    /** Parameters: every column, begin, end and, when the model has the column, archived. */
    String insertVersions(TargetModel.Scd2 model) {
        List<String> targets = new ArrayList<>(quoted(columns.names()));
        List<String> values = new ArrayList<>(parsedRow("c"));
        int next = columns.names().size();
        targets.add(QualifiedName.quote(model.validFrom()));
        values.add("c.c%d::timestamptz".formatted(next++));
        targets.add(QualifiedName.quote(model.validTo()));
        values.add("c.c%d::timestamptz".formatted(next++));
        if (model.archived() != null) {
            targets.add(QualifiedName.quote(model.archived()));
            values.add("c.c%d::boolean".formatted(next++));
        }
        return insert(targets, values, next);
    }

    /** Parameters: every column and, when the model has the column, archived. Changes the open version in place. */
    String amend(TargetModel.Scd2 model) {
        List<String> sets = new ArrayList<>(assignments("c"));
        int next = columns.names().size();
        if (model.archived() != null) {
            sets.add("%s = c.c%d::boolean".formatted(QualifiedName.quote(model.archived()), next++));
        }
        return """
                update %s t
                   set %s
                  from %s as c(%s)
                 where %s
                   and %s is null
                """.formatted(
                        table,
                        String.join(", ", sets),
                        unnest(next),
                        aliases("c", next),
                        rowKeyMatches("t", "c"),
                        column("t", model.validTo()));
    }

    /** Parameters: key columns. */
    String delete(@Nullable String onlyWhereNull) {
        return """
                delete from %s t
                 using %s as k(%s)
                 where %s%s
                """.formatted(
                        table,
                        unnest(keyCount()),
                        aliases("k", keyCount()),
                        keyMatches("t", "k"),
                        onlyWhereNull == null ? "" : " and %s is null".formatted(column("t", onlyWhereNull)));
    }

    /** Parameters: every column. */
    String upsert() {
        List<String> sets = columns.names().stream()
                .filter(name -> !columns.keyTypes().containsKey(name))
                .map(name -> "%1$s = excluded.%1$s".formatted(QualifiedName.quote(name)))
                .toList();
        String onConflict = "on conflict (%s) do %s"
                .formatted(
                        String.join(", ", quoted(columns.model().key())),
                        sets.isEmpty() ? "nothing" : "update set " + String.join(", ", sets));
        return insert(quoted(columns.names()), parsedRow("c"), columns.names().size()) + onConflict;
    }

    private String insert(List<String> targets, List<String> values, int parameters) {
        return """
                insert into %s (%s)
                select %s
                  from %s as c(%s)
                """.formatted(
                        table,
                        String.join(", ", targets),
                        String.join(", ", values),
                        unnest(parameters),
                        aliases("c", parameters));
    }

    private List<String> assignments(String alias) {
        return IntStream.range(0, columns.names().size())
                .filter(i -> !columns.keyTypes().containsKey(columns.names().get(i)))
                .mapToObj(i ->
                        "%s = %s".formatted(QualifiedName.quote(columns.names().get(i)), parsed(alias, i)))
                .toList();
    }

    private List<String> parsedRow(String alias) {
        return IntStream.range(0, columns.names().size())
                .mapToObj(i -> parsed(alias, i))
                .toList();
    }

    private String parsed(String alias, int position) {
        String name = columns.names().get(position);
        return CanonicalSql.parse(columns.type(name), "%s.c%d".formatted(alias, position));
    }

    private String keyMatches(String tableAlias, String keyAlias) {
        List<String> keys = columns.model().key();
        return IntStream.range(0, keys.size())
                .mapToObj(i -> "%s = %s"
                        .formatted(
                                column(tableAlias, keys.get(i)),
                                CanonicalSql.parse(columns.type(keys.get(i)), "%s.k%d".formatted(keyAlias, i))))
                .collect(Collectors.joining(" and "));
    }

    private String rowKeyMatches(String tableAlias, String rowAlias) {
        return columns.model().key().stream()
                .map(name -> "%s = %s"
                        .formatted(
                                column(tableAlias, name),
                                parsed(rowAlias, columns.names().indexOf(name))))
                .collect(Collectors.joining(" and "));
    }

    private int keyCount() {
        return columns.model().key().size();
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(QualifiedName::quote).toList();
    }

    private static String column(String alias, String name) {
        return alias + "." + QualifiedName.quote(name);
    }

    private static String unnest(int parameters) {
        return IntStream.range(0, parameters)
                .mapToObj(_ -> "?::text[]")
                .collect(Collectors.joining(", ", "unnest(", ")"));
    }

    private static String aliases(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
    }
}
