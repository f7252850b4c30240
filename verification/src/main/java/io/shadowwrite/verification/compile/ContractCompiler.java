package io.shadowwrite.verification.compile;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Compiles a contract to the queries that a tick compares. It reads the same contract as the program that moves the
 * data and shares no code with it. Immutable.
 */
public final class ContractCompiler {

    /** Stands where a strict map has no entry; no target column can hold it, so the row shows as different. */
    static final String MEANINGLESS = "\u0001no entry in a strict map";

    private static final Map<String, ColumnType> KEY_MAP_COLUMNS =
            Map.of("target_key", new ColumnType("text", ColumnType.Kind.TEXT));

    private final Contract contract;

    public ContractCompiler(Contract contract) {
        this.contract = contract;
    }

    /** One comparison for each model, in the contract's order. */
    public List<Comparison> models() {
        List<Comparison> comparisons = new ArrayList<>();
        for (TargetModel model : contract.models().values()) {
            comparisons.add(new Comparison(
                    Comparison.Subject.ROWS, model.name(), sources(model), target(model), plainColumns(model)));
        }
        return List.copyOf(comparisons);
    }

    /**
     * One comparison for each pair of source table and model: the source key and the target key it must have become,
     * against the entries that are current.
     */
    public List<Comparison> keyMap() {
        List<Comparison> comparisons = new ArrayList<>();
        for (SourceTable source : contract.sources().values()) {
            if (source instanceof SourceTable.Mapped table) {
                Map<String, List<Image>> byModel = new LinkedHashMap<>();
                for (Write write : table.writes()) {
                    byModel.computeIfAbsent(write.model().name(), _ -> new ArrayList<>())
                            .add(keys(table, write));
                }
                byModel.forEach((model, images) -> comparisons.add(new Comparison(
                        Comparison.Subject.KEY_MAP, model, images, mapped(table, model), KEY_MAP_COLUMNS)));
            }
        }
        return List.copyOf(comparisons);
    }

    private Image keys(SourceTable.Mapped table, Write write) {
        ExpressionSql expressions =
                new ExpressionSql(contract, table, write.model().name());
        String sql = "select coalesce(%s, 'null') as k,\n       %s as c0\n  from %s as s\n where %s"
                .formatted(
                        expressions.sourceKey(),
                        targetKey(expressions, write),
                        table.name().quoted(),
                        condition(write));
        return new Image(table.name().toString(), sql);
    }

    private static Image mapped(SourceTable.Mapped table, String model) {
        String sql = """
                select m.source_key as k,
                       m.target_key as c0
                  from shadow.pk_map m
                  join shadow.source_table t on t.id = m.source_table
                  join shadow.target_model d on d.id = m.target_model
                 where t.name = %s
                   and d.name = %s
                   and m.state = 'current'""".formatted(Sql.literal(table.name().toString()), Sql.literal(model));
        return new Image("shadow.pk_map", sql);
    }

    private List<Image> sources(TargetModel model) {
        List<Image> images = new ArrayList<>();
        for (SourceTable source : contract.sources().values()) {
            if (source instanceof SourceTable.Mapped table) {
                table.writes().stream()
                        .filter(write -> write.model().name().equals(model.name()))
                        .forEach(write -> images.add(source(table, write)));
            }
        }
        return images;
    }

    private Image source(SourceTable.Mapped table, Write write) {
        ExpressionSql expressions =
                new ExpressionSql(contract, table, write.model().name());
        StringJoiner select = new StringJoiner(",\n       ", "select ", "");
        select.add(targetKey(expressions, write) + " as k");
        int position = 0;
        for (Map.Entry<String, ColumnType> column : plainColumns(write.model()).entrySet()) {
            Expression expression = requireNonNull(write.values().get(column.getKey()));
            select.add(expected(expressions, expression, column.getValue()) + " as c" + position++);
        }
        return new Image(
                table.name().toString(),
                select + "\n  from " + table.name().quoted() + " as s\n where " + condition(write));
    }

    private static String condition(Write write) {
        return write.condition() == null ? "true" : FilterSql.of(write.condition());
    }

    /** A key with a NULL in it has no JSON form; such a row cannot exist in the target and must show as missing. */
    private static String targetKey(ExpressionSql expressions, Write write) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, ColumnType> types = keyTypes(write.model());
        types.forEach((name, type) -> {
            Expression expression = requireNonNull(write.key().get(name));
            values.put(name, TargetText.value(expression, expressions.text(expression), type));
        });
        return "coalesce(" + CanonicalSql.keyJson(types, values) + ", 'null')";
    }

    private static String expected(ExpressionSql expressions, Expression expression, ColumnType type) {
        String text = TargetText.of(expression, expressions.text(expression), type);
        String meaningless = expressions.meaningless(expression);
        return meaningless == null
                ? text
                : "(case when %s then %s else %s end)".formatted(meaningless, Sql.literal(MEANINGLESS), text);
    }

    private static Image target(TargetModel model) {
        StringJoiner select = new StringJoiner(",\n       ", "select ", "");
        Map<String, ColumnType> types = keyTypes(model);
        Map<String, String> key = new LinkedHashMap<>();
        types.keySet().forEach(name -> key.put(name, FilterSql.column(name)));
        select.add("coalesce(" + CanonicalSql.keyJson(types, key) + ", 'null') as k");
        int position = 0;
        for (Map.Entry<String, ColumnType> column : plainColumns(model).entrySet()) {
            select.add(CanonicalSql.text(column.getValue(), FilterSql.column(column.getKey())) + " as c" + position++);
        }
        return new Image(
                model.table().toString(),
                select + "\n  from " + model.table().quoted() + " as s\n where " + isCurrent(model));
    }

    private static String isCurrent(TargetModel model) {
        return switch (model) {
            case TargetModel.Scd2 scd2 -> FilterSql.column(scd2.validTo()) + " is null" + notArchived(scd2);
            case TargetModel.Crud _, TargetModel.Junction _ -> "true";
        };
    }

    private static String notArchived(TargetModel.Scd2 model) {
        return model.archived() == null ? "" : " and s." + QualifiedName.quote(model.archived()) + " is not true";
    }

    private static Map<String, ColumnType> keyTypes(TargetModel model) {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        model.key()
                .forEach(name -> types.put(name, requireNonNull(model.columns().get(name))));
        return types;
    }

    private static Map<String, ColumnType> plainColumns(TargetModel model) {
        Map<String, ColumnType> columns = new LinkedHashMap<>(model.columns());
        model.key().forEach(columns::remove);
        return columns;
    }
}
