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
import java.util.stream.Stream;

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

    /** What a tick compares: models and key map. */
    public List<Comparison> everything() {
        return Stream.concat(models().stream(), keyMap().stream()).toList();
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
        String sourceKey = "coalesce(" + expressions.sourceKey() + ", 'null')";
        String targetKey = targetKey(expressions, write);
        return new Image(
                table.name().toString(),
                table.name().quoted(),
                sourceKey,
                List.of(targetKey),
                List.of(targetKey),
                condition(write),
                true);
    }

    /** Everything that the key map holds as current. */
    public static Image mappings() {
        return new Image(
                "shadow.pk_map",
                "shadow.pk_map",
                "s.source_key",
                List.of("s.target_key"),
                List.of("s.target_key"),
                "s.state = 'current'",
                true);
    }

    private static Image mapped(SourceTable.Mapped table, String model) {
        return mappings().where("""
                s.source_table = (select id from shadow.source_table where name = %s)
                   and s.target_model = (select id from shadow.target_model where name = %s)""".formatted(Sql.literal(table.name().toString()), Sql.literal(model)));
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
        List<String> texts = new ArrayList<>();
        List<String> values = new ArrayList<>();
        TargetValue hashed = new TargetValue(expressions);
        plainColumns(write.model()).forEach((name, type) -> {
            Expression expression = requireNonNull(write.values().get(name));
            String meaningless = expressions.meaningless(expression);
            String text = TargetText.of(expression, expressions.text(expression), type);
            String value = hashed.hashed(expression, type);
            texts.add(meaningless == null ? text : unless(meaningless, text));
            values.add(meaningless == null ? value : unless(meaningless, "(" + value + ")::text"));
        });
        return new Image(
                table.name().toString(),
                table.name().quoted(),
                targetKey(expressions, write),
                texts,
                values,
                condition(write),
                false);
    }

    private static String unless(String meaningless, String value) {
        return "(case when %s then %s else %s end)".formatted(meaningless, Sql.literal(MEANINGLESS), value);
    }

    private static String condition(Write write) {
        return write.condition() == null ? "true" : FilterSql.of(write.condition());
    }

    /** A key with a NULL in it has no JSON form; such a row cannot exist in the target and must show as missing. */
    private static String targetKey(ExpressionSql expressions, Write write) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, ColumnType> types = keyTypes(write.model());
        TargetValue parts = new TargetValue(expressions);
        types.forEach((name, type) ->
                values.put(name, parts.key(requireNonNull(write.key().get(name)), type)));
        return "coalesce(" + CanonicalSql.keyJson(types, values) + ", 'null')";
    }

    private static Image target(TargetModel model) {
        Map<String, ColumnType> types = keyTypes(model);
        Map<String, String> key = new LinkedHashMap<>();
        types.keySet().forEach(name -> key.put(name, FilterSql.column(name)));
        List<String> texts = new ArrayList<>();
        List<String> values = new ArrayList<>();
        plainColumns(model).forEach((name, type) -> {
            texts.add(CanonicalSql.text(type, FilterSql.column(name)));
            values.add(CanonicalSql.hashed(type, FilterSql.column(name)));
        });
        return new Image(
                model.table().toString(),
                model.table().quoted(),
                // Not what stands for a source row without a key: the two must never make up for each other.
                "coalesce(" + CanonicalSql.keyJson(types, key) + ", 'NULL')",
                texts,
                values,
                isCurrent(model),
                false);
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
