package io.shadowwrite.api.target;

import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statements for one model's table, built once from the contract. Every parameter is an array, one per column in the
 * order of the statement; values of the model's columns are texts that the server casts (but for uuids), so that one
 * spelling serves all types. Arrays are unnested in a select list, where they are walked in step; in FROM each one would be
 * copied first.
 */
final class ModelSql {

    private static final String ORD = "ord";
    private static final String FROM = "since";
    private static final String UNTIL = "until";
    private static final String ARCHIVED = "archived";

    private final ModelColumns columns;
    private final String table;

    ModelSql(ModelColumns columns) {
        this.columns = columns;
        this.table = columns.model().table().quoted();
    }

    /**
     * Parameters: key columns, ord. Yields ord, open, archived, from_micros, until_micros and, on request, the text of every
     * column; in this order, because a name of ours could be that of a column.
     */
    String find(boolean withRow) {
        return """
                select k.ord, v.*
                  from %s
                 cross join lateral (select %s%s
                                       from %s t
                                      where %s
                                      %s
                                      limit 1) v
                """.formatted(
                        keys(ORD), versionColumns(), withRow ? rowTexts() : "", table, keyMatches(), youngestFirst());
    }

    private String versionColumns() {
        return switch (columns.model()) {
            case TargetModel.Scd2 scd2 ->
                """
                    %s is null as open, %s as archived, %s as from_micros, %s as until_micros""".formatted(
                                column(scd2.validTo()),
                                scd2.archived() == null ? "false" : column(scd2.archived()),
                                micros(column(scd2.validFrom())),
                                micros(column(scd2.validTo())));
            case TargetModel.Crud _, TargetModel.Junction _ ->
                "true as open, false as archived, 0::bigint as from_micros, null::bigint as until_micros";
        };
    }

    private static String micros(String timestamp) {
        return "(extract(epoch from %s) * 1000000)::bigint".formatted(timestamp);
    }

    private String rowTexts() {
        return columns.names().stream()
                .map(name -> ", " + column(name) + "::text")
                .collect(Collectors.joining());
    }

    private String youngestFirst() {
        return columns.model() instanceof TargetModel.Scd2 scd2
                ? "order by %s desc".formatted(column(scd2.validFrom()))
                : "";
    }

    /**
     * Parameters: key columns, ord, end. Ends current versions that began before, and yields the ord of each: what can be
     * written without having been read.
     */
    String closeAhead(TargetModel.Scd2 model) {
        return """
                update %s t
                   set %s = k.until
                  from %s
                 where %s
                   and %s is null
                   and %s < k.until%s
                returning k.ord
                """.formatted(
                        table,
                        QualifiedName.quote(model.validTo()),
                        keys(ORD, UNTIL),
                        keyMatches(),
                        column(model.validTo()),
                        column(model.validFrom()),
                        model.archived() == null ? "" : " and not " + column(model.archived()));
    }

    /** Parameters: key columns, end. */
    String close(TargetModel.Scd2 model) {
        return """
                update %s t
                   set %s = k.until
                  from %s
                 where %s
                   and %s is null
                """.formatted(
                table, QualifiedName.quote(model.validTo()), keys(UNTIL), keyMatches(), column(model.validTo()));
    }

    /** Parameters: key columns, end. Takes the end away again. */
    String reopen(TargetModel.Scd2 model) {
        return """
                update %s t
                   set %s = null
                  from %s
                 where %s
                   and %s = k.until
                """.formatted(
                table, QualifiedName.quote(model.validTo()), keys(UNTIL), keyMatches(), column(model.validTo()));
    }

    /** Parameters: every column, begin, end and, when the model has the column, archived. */
    String insertVersions(TargetModel.Scd2 model) {
        List<String> targets = new ArrayList<>(quoted(columns.names()));
        List<String> values = new ArrayList<>(parsedRow());
        targets.add(QualifiedName.quote(model.validFrom()));
        values.add("c." + FROM);
        targets.add(QualifiedName.quote(model.validTo()));
        values.add("c." + UNTIL);
        if (model.archived() == null) {
            return insert(targets, values, rows(FROM, UNTIL));
        }
        targets.add(QualifiedName.quote(model.archived()));
        values.add("c.archived::boolean");
        return insert(targets, values, rows(FROM, UNTIL, ARCHIVED));
    }

    /** Parameters: every column and, when the model has the column, archived. Changes the open version in place. */
    String amend(TargetModel.Scd2 model) {
        List<String> sets = new ArrayList<>(assignments());
        if (model.archived() != null) {
            sets.add("%s = c.archived::boolean".formatted(QualifiedName.quote(model.archived())));
        }
        return """
                update %s t
                   set %s
                  from %s
                 where %s
                   and %s is null
                """.formatted(
                        table,
                        String.join(", ", sets),
                        model.archived() == null ? rows() : rows(ARCHIVED),
                        rowKeyMatches(),
                        column(model.validTo()));
    }

    /** Parameters: key columns. */
    String delete(@Nullable String onlyWhereNull) {
        return """
                delete from %s t
                 using %s
                 where %s%s
                """.formatted(
                        table,
                        keys(),
                        keyMatches(),
                        onlyWhereNull == null ? "" : " and %s is null".formatted(column(onlyWhereNull)));
    }

    /** Parameters: every column, ord. Overwrites rows that are there, and yields the ord of each. */
    String overwrite() {
        return """
                update %s t
                   set %s
                  from %s
                 where %s
                returning c.ord
                """.formatted(table, String.join(", ", assignments()), rows(ORD), rowKeyMatches());
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
        return insert(quoted(columns.names()), parsedRow(), rows()) + onConflict;
    }

    private String insert(List<String> targets, List<String> values, String rows) {
        return """
                insert into %s (%s)
                select %s
                  from %s
                """.formatted(table, String.join(", ", targets), String.join(", ", values), rows);
    }

    private List<String> assignments() {
        return IntStream.range(0, columns.names().size())
                .filter(i -> !columns.keyTypes().containsKey(columns.names().get(i)))
                .mapToObj(i ->
                        "%s = %s".formatted(QualifiedName.quote(columns.names().get(i)), parsed(i)))
                .toList();
    }

    private List<String> parsedRow() {
        return IntStream.range(0, columns.names().size()).mapToObj(this::parsed).toList();
    }

    private String parsed(int position) {
        String name = columns.names().get(position);
        return CanonicalSql.parse(columns.type(name), "c.c" + position);
    }

    private String keyMatches() {
        List<String> keys = columns.model().key();
        return IntStream.range(0, keys.size())
                .mapToObj(i -> "%s = %s"
                        .formatted(column(keys.get(i)), CanonicalSql.parse(columns.type(keys.get(i)), "k.k" + i)))
                .collect(Collectors.joining(" and "));
    }

    private String rowKeyMatches() {
        return columns.model().key().stream()
                .map(name ->
                        "%s = %s".formatted(column(name), parsed(columns.names().indexOf(name))))
                .collect(Collectors.joining(" and "));
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(QualifiedName::quote).toList();
    }

    private static String column(String name) {
        return "t." + QualifiedName.quote(name);
    }

    private String keys(String... further) {
        return set("k", columns.model().key(), further);
    }

    private String rows(String... further) {
        return set("c", columns.names(), further);
    }

    /** Columns of the model named after the alias and their position, then columns of ours. */
    private String set(String alias, List<String> names, String... further) {
        List<String> selected = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String type = isUuid(columns.type(names.get(i))) ? "uuid" : "text";
            selected.add("unnest(?::%s[]) as %s%d".formatted(type, alias, i));
        }
        for (String name : further) {
            selected.add("unnest(?::%s[]) as %s".formatted(type(name), name));
        }
        return "(select %s) as %s".formatted(String.join(", ", selected), alias);
    }

    /** Keys mostly are; reading their text costs the server more than reading it here. */
    static boolean isUuid(ColumnType type) {
        return type.kind() == ColumnType.Kind.UUID;
    }

    private static String type(String name) {
        return switch (name) {
            case ORD -> "int";
            case FROM, UNTIL -> "timestamptz";
            default -> "text";
        };
    }
}
