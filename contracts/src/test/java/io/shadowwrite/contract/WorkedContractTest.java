package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@PostgresTest
class WorkedContractTest {

    private static final String FOLDER = "/contracts/partners-to-unified/";

    private final Contract contract = new ContractReader().read(FOLDER + "contract.json", bytes("contract.json"));

    @Test
    void hasAtLeastTwelveHistoriesAndBothOtherKinds() {
        assertThat(models(TargetModel.Scd2.class)).hasSizeGreaterThanOrEqualTo(12);
        assertThat(models(TargetModel.Crud.class)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(models(TargetModel.Junction.class)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(models(TargetModel.Scd2.class))
                .extracting(TargetModel.Scd2::onDelete)
                .contains(TargetModel.OnDelete.values());
    }

    @Test
    void usesEveryExpression() {
        Set<Class<?>> used = new HashSet<>();
        for (SourceTable.Mapped table : mapped()) {
            for (Write write : table.writes()) {
                Stream.concat(write.key().values().stream(), write.values().values().stream())
                        .forEach(expression -> collect(expression, used));
            }
        }

        assertThat(used).containsExactlyInAnyOrder(Expression.class.getPermittedSubclasses());
    }

    @Test
    void usesEveryFilterAndEveryKindOfType() {
        Set<Class<?>> filters = new HashSet<>();
        Set<ColumnType.Kind> kinds = new HashSet<>();
        for (SourceTable.Mapped table : mapped()) {
            table.writes().stream()
                    .map(Write::condition)
                    .filter(Objects::nonNull)
                    .forEach(f -> collect(f, filters));
            table.columns().values().forEach(type -> kinds.add(type.kind()));
        }

        assertThat(filters).containsExactlyInAnyOrder(Filter.class.getPermittedSubclasses());
        assertThat(kinds).containsExactlyInAnyOrder(ColumnType.Kind.values());
    }

    @Test
    void saysOfEverySourceTableWhatItIs(@Source Database source) {
        source.runScript(script("source.sql"));

        Set<String> named = new TreeSet<>();
        contract.sources().keySet().forEach(table -> named.add(table.toString()));

        assertThat(named).isEqualTo(columns(source, "partners").keySet());
    }

    @Test
    void namesEverySourceColumnWithItsTypeAndTheKey(@Source Database source) {
        source.runScript(script("source.sql"));
        Map<String, List<String>> columns = columns(source, "partners");

        for (SourceTable.Mapped table : mapped()) {
            assertThat(spelled(table.columns()))
                    .as("columns of %s", table.name())
                    .isEqualTo(columns.get(table.name().toString()));
            assertThat(String.join(",", table.key()))
                    .as("key of %s", table.name())
                    .isEqualTo(primaryKey(source, table.name()));
        }
    }

    @Test
    void namesTheReplicaIdentityOfEveryTableAndPartition(@Source Database source) {
        source.runScript(script("source.sql"));

        for (SourceTable.Mapped table : mapped()) {
            assertThat(source.queryForList(
                            """
                            select distinct relreplident::text from pg_class
                            where oid = ?::regclass or oid in (select inhrelid from pg_inherits where inhparent = ?::regclass)
                            """, table.name().quoted(), table.name().quoted()))
                    .as("identity of %s", table.name())
                    .containsExactly(table.identity() == SourceTable.Identity.FULL ? "f" : "d");
        }
    }

    @Test
    void namesEveryTargetColumnWithItsType(@Target Database target) {
        target.runScript(script("target.sql"));
        Map<String, List<String>> columns = columns(target, "unified");

        for (TargetModel model : contract.models().values()) {
            List<String> expected = new ArrayList<>(spelled(model.columns()));
            if (model instanceof TargetModel.Scd2 history) {
                if (history.archived() != null) {
                    expected.add(history.archived() + " boolean");
                }
                expected.add(history.validFrom() + " timestamp with time zone");
                expected.add(history.validTo() + " timestamp with time zone");
            }
            assertThat(columns.remove(model.table().toString()))
                    .as("columns of %s", model.table())
                    .isEqualTo(expected);
        }
        assertThat(columns).as("tables no model names").isEmpty();
    }

    @Test
    void keepsOneCurrentVersionPerKeyOfEveryHistory(@Target Database target) {
        target.runScript(script("target.sql"));

        for (TargetModel.Scd2 model : models(TargetModel.Scd2.class)) {
            String key = String.join(", ", model.key());
            assertThat(primaryKey(target, model.table()))
                    .isEqualTo(String.join(",", model.key()) + "," + model.validFrom());
            assertThat(target.queryForList(
                            "select indexdef from pg_indexes where schemaname || '.' || tablename = ?",
                            model.table().toString()))
                    .as("indexes of %s", model.table())
                    .anyMatch(index -> Objects.requireNonNull(index).startsWith("CREATE UNIQUE INDEX")
                            && index.endsWith("(%s) WHERE (%s IS NULL)".formatted(key, model.validTo())));
        }
    }

    private <M extends TargetModel> List<M> models(Class<M> kind) {
        return contract.models().values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private List<SourceTable.Mapped> mapped() {
        return contract.sources().values().stream()
                .filter(SourceTable.Mapped.class::isInstance)
                .map(SourceTable.Mapped.class::cast)
                .toList();
    }

    private static void collect(Expression expression, Set<Class<?>> used) {
        used.add(expression.getClass());
        switch (expression) {
            case Expression.ValueMap map -> collect(map.of(), used);
            case Expression.Coalesce coalesce -> coalesce.parts().forEach(part -> collect(part, used));
            case Expression.Concat concat -> concat.parts().forEach(part -> collect(part, used));
            case Expression.Trim trim -> collect(trim.of(), used);
            case Expression.Lower lower -> collect(lower.of(), used);
            case Expression.Upper upper -> collect(upper.of(), used);
            case Expression.Scale scale -> collect(scale.of(), used);
            case Expression.Zone zone -> collect(zone.of(), used);
            case Expression.Column _,
                    Expression.Constant _,
                    Expression.Derived _,
                    Expression.Reference _,
                    Expression.JsonField _ -> {}
        }
    }

    private static void collect(Filter filter, Set<Class<?>> used) {
        used.add(filter.getClass());
        switch (filter) {
            case Filter.All all -> all.parts().forEach(part -> collect(part, used));
            case Filter.Any any -> any.parts().forEach(part -> collect(part, used));
            case Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> {}
        }
    }

    /** The reader quotes the names of enums, the catalog only where it must; here it need not. */
    private static List<String> spelled(Map<String, ColumnType> columns) {
        return columns.entrySet().stream()
                .map(column -> column.getKey() + " " + column.getValue().sql().replace("\"", ""))
                .toList();
    }

    /** Columns with their types by table; leaves of partitioned tables are left out. */
    private static Map<String, List<String>> columns(Database database, String schema) {
        Map<String, List<String>> columns = new TreeMap<>();
        for (String row : database.queryForList("""
                select c.relname || '|' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                from pg_attribute a join pg_class c on c.oid = a.attrelid
                where c.relnamespace = ?::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                  and a.attnum > 0 and not a.attisdropped
                order by c.relname, a.attnum
                """, schema)) {
            String[] parts = Objects.requireNonNull(row).split("\\|", 2);
            columns.computeIfAbsent(schema + "." + parts[0], _ -> new ArrayList<>())
                    .add(parts[1]);
        }
        return columns;
    }

    private static String primaryKey(Database database, QualifiedName table) {
        return Objects.requireNonNull(database.queryForString("""
                select string_agg(a.attname, ',' order by k.ordinality)
                from pg_index i
                cross join unnest(i.indkey::smallint[]) with ordinality as k (attnum, ordinality)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where i.indrelid = ?::regclass and i.indisprimary and i.indimmediate
                """, table.quoted()));
    }

    private static String script(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream file = WorkedContractTest.class.getResourceAsStream(FOLDER + name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
