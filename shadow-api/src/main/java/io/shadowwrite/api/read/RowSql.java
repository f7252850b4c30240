package io.shadowwrite.api.read;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The queries on one model's table, built once from the contract. A row is its canonical key, the canonical text of every
 * other column in the contract's order and, of a model with versions, begin, end and archived. Order is that of the key's
 * index, which is the target's own: by type, and for text by the column's collation.
 */
final class RowSql {

    private final TargetModel model;
    private final Map<String, ColumnType> keyTypes = new LinkedHashMap<>();
    private final List<String> key;
    private final List<String> plain;

    /** @param key the key columns, in the order in which rows shall come */
    RowSql(TargetModel model, List<String> key) {
        this.model = model;
        this.key = List.copyOf(key);
        key.forEach(name -> keyTypes.put(name, requireNonNull(model.columns().get(name))));
        this.plain = model.columns().keySet().stream()
                .filter(name -> !keyTypes.containsKey(name))
                .toList();
    }

    /** Key columns in the order of rows, which is also that of parameters. */
    List<String> key() {
        return key;
    }

    /** Columns behind the key, in the order of a row. */
    List<String> plain() {
        return plain;
    }

    /** Every current row in key order. */
    String all() {
        return select() + where() + order();
    }

    /** Parameters: how many. */
    String first() {
        return all() + " limit ?";
    }

    /** Parameters: the key to go on behind, as text by column; how many. */
    String after() {
        String behind = " and (%s) > (%s)".formatted(keyColumns(), parsedParameters());
        return select() + where() + behind + order() + " limit ?";
    }

    /** Parameters: key columns as text arrays. Yields the number of the key, from 1, before the row. */
    String byKey() {
        return """
                select k.ord, v.*
                  from %s
                 cross join lateral (%s%s and %s limit 1) v
                """.formatted(unnestedKeys(), select(), where(), keyMatches());
    }

    /** Parameters: key columns as text arrays, how many. Newest first. */
    String history(TargetModel.Scd2 scd2) {
        return """
                select v.*
                  from %s
                 cross join lateral (%s where %s order by %s desc limit ?) v
                """.formatted(unnestedKeys(), select(), keyMatches(), column(scd2.validFrom()));
    }

    /** Parameters: key columns as text arrays. Fails with SQLSTATE class 22 when one is not a value of its type. */
    String checkKeys() {
        String missing = IntStream.range(0, keyTypes.size())
                .mapToObj(i -> parsed(i, "k.k" + i) + " is null")
                .collect(Collectors.joining(" or "));
        return "select count(*) from %s where %s".formatted(unnestedKeys(), missing);
    }

    /**
     * Canonical key and last event of the current rows that were touched, in the order of {@link #all()}. Parameters: from
     * and to of the events, name of the model.
     */
    String touched() {
        String matches = keyTypes.entrySet().stream()
                .map(key -> "%s = %s"
                        .formatted(
                                column(key.getKey()),
                                CanonicalSql.parse(key.getValue(), "m.target_key::jsonb ->> " + literal(key.getKey()))))
                .collect(Collectors.joining(" and "));
        return """
                with touched as materialized (
                    select source_table, source_key, max(commit_lsn) as lsn
                      from shadow.event_ledger
                     where side = 1
                       and commit_lsn >= ?::pg_lsn
                       and commit_lsn < ?::pg_lsn
                     group by source_table, source_key
                ), mapped as materialized (
                    select p.target_key, max(e.lsn) as lsn
                      from touched e
                      join shadow.pk_map p on p.source_table = e.source_table and p.source_key = e.source_key
                     where p.target_model = (select id from provenance.target_model where name = ?)
                     group by p.target_key
                )
                select x.canonical, m.lsn
                  from mapped m
                 cross join lateral (select %s as canonical, %s from %s t%s and %s offset 0) x
                 order by %s
                """.formatted(
                        keyJson(),
                        numbered(i -> column(key.get(i)) + " as o" + i),
                        model.table().quoted(),
                        where(),
                        matches,
                        numbered(i -> "x.o" + i));
    }

    /** The current rows, to be hashed. */
    HashedRows hashed() {
        return new HashedRows(
                keyJson(), hashed(plain), spelled(), "from " + model.table().quoted() + " t" + where(), false);
    }

    private List<String> hashed(List<String> names) {
        return names.stream()
                .map(name -> CanonicalSql.hashed(requireNonNull(model.columns().get(name)), column(name)))
                .toList();
    }

    private Map<Integer, RowHash.Spelled> spelled() {
        Map<Integer, RowHash.Spelled> spelled = new LinkedHashMap<>();
        for (int i = 0; i < plain.size(); i++) {
            ColumnType type = requireNonNull(model.columns().get(plain.get(i)));
            if (CanonicalSql.hasSpellings(type)) {
                spelled.put(i, new RowHash.Spelled(type, CanonicalSql.text(type, column(plain.get(i)))));
            }
        }
        return spelled;
    }

    private String select() {
        StringJoiner select =
                new StringJoiner(", ", "select ", " from " + model.table().quoted() + " t");
        select.add(keyJson() + " as k");
        for (int i = 0; i < plain.size(); i++) {
            ColumnType type = requireNonNull(model.columns().get(plain.get(i)));
            select.add(CanonicalSql.text(type, column(plain.get(i))) + " as c" + i);
        }
        if (model instanceof TargetModel.Scd2 scd2) {
            ColumnType time = new ColumnType("timestamp with time zone", ColumnType.Kind.TIMESTAMPTZ);
            select.add(CanonicalSql.text(time, column(scd2.validFrom())) + " as valid_from");
            select.add(CanonicalSql.text(time, column(scd2.validTo())) + " as valid_to");
            select.add(scd2.archived() == null ? "false" : "coalesce(" + column(scd2.archived()) + ", false)");
        }
        return select.toString();
    }

    private String where() {
        return switch (model) {
            case TargetModel.Scd2 scd2 ->
                " where " + column(scd2.validTo()) + " is null"
                        + (scd2.archived() == null ? "" : " and " + column(scd2.archived()) + " is not true");
            case TargetModel.Crud _, TargetModel.Junction _ -> " where true";
        };
    }

    private String order() {
        return " order by " + keyColumns();
    }

    private String keyJson() {
        Map<String, String> expressions = new LinkedHashMap<>();
        keyTypes.keySet().forEach(name -> expressions.put(name, column(name)));
        // A key column that may be NULL has no canonical key; such a row must still be seen, and make up for none of
        // the source.
        return "coalesce(" + CanonicalSql.keyJson(keyTypes, expressions) + ", 'NULL')";
    }

    private String keyMatches() {
        return IntStream.range(0, keyTypes.size())
                .mapToObj(i -> "%s = %s".formatted(column(key.get(i)), parsed(i, "k.k" + i)))
                .collect(Collectors.joining(" and "));
    }

    private String keyColumns() {
        return numbered(i -> column(key.get(i)));
    }

    private String parsedParameters() {
        return numbered(i -> parsed(i, "?"));
    }

    /** A list with an element for each key column. */
    private String numbered(IntFunction<String> element) {
        return IntStream.range(0, key.size()).mapToObj(element).collect(Collectors.joining(", "));
    }

    private String parsed(int position, String text) {
        return CanonicalSql.parse(requireNonNull(keyTypes.get(key.get(position))), text);
    }

    private String unnestedKeys() {
        return "unnest(%s) with ordinality as k(%s, ord)".formatted(numbered(_ -> "?::text[]"), numbered(i -> "k" + i));
    }

    private static String column(String name) {
        return "t." + QualifiedName.quote(name);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
