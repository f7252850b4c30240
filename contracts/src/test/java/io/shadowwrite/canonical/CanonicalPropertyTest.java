package io.shadowwrite.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Java and the server agree on values that nobody chose. */
@PostgresTest
class CanonicalPropertyTest {

    private static final long SEED = 20_261_121;

    private static final int VALUES_PER_TYPE = 400;

    private static final int KEYS = 250;

    @Test
    void valuesAreSpelledAlikeAndReadBack(@Source Database database) throws SQLException {
        RandomValues random = new RandomValues(SEED);
        try (Connection connection = database.connect()) {
            for (String spelling : RandomValues.TYPES) {
                ColumnType type = ColumnType.parse(spelling);
                String[] written = Stream.generate(() -> random.of(type))
                        .limit(VALUES_PER_TYPE)
                        .toArray(String[]::new);
                // format() uses the output function, as logical decoding does; a cast to text would trim character(n).
                String sql = """
                        with stored as materialized (
                            select w::%1$s as v from unnest(?::text[]) as w
                        )
                        select format('%%s', v), %2$s, %3$s from stored""".formatted(
                                type.sql(),
                                CanonicalSql.text(type, "v"),
                                CanonicalSql.text(type, CanonicalSql.parse(type, CanonicalSql.text(type, "v"))));
                List<List<@Nullable String>> rows = SqlRow.queryAll(connection, sql, (Object) written);
                assertThat(rows).hasSize(VALUES_PER_TYPE);
                for (List<@Nullable String> row : rows) {
                    String decoded = String.valueOf(row.getFirst());
                    assertThat(row.subList(1, 3))
                            .as("%s %s, seed %d", spelling, decoded, SEED)
                            .containsOnly(CanonicalValue.of(type, asDecoded(type, decoded)));
                }
            }
        }
    }

    /** The plug-in leaves out the prefix of bytea. */
    private static String asDecoded(ColumnType type, String output) {
        return type.kind() == ColumnType.Kind.BYTEA ? output.substring(2) : output;
    }

    @Test
    void keysAndIdentitiesAreAlike(@Source Database database) throws SQLException {
        RandomValues random = new RandomValues(SEED + 1);
        try (Connection connection = database.connect()) {
            for (int i = 0; i < KEYS; i++) {
                RandomKey key = RandomKey.from(random);
                List<@Nullable String> row =
                        SqlRow.query(connection, key.sql(), key.written().toArray(String[]::new));
                Map<String, String> values = new LinkedHashMap<>();
                int column = 2;
                for (Map.Entry<String, ColumnType> each : key.types().entrySet()) {
                    String output = String.valueOf(row.get(column++));
                    values.put(each.getKey(), CanonicalValue.of(each.getValue(), output));
                }

                String json = CanonicalKey.json(key.types(), values);

                assertThat(row.subList(0, 2))
                        .as("key %d, seed %d", i, SEED + 1)
                        .containsExactly(
                                DerivedKey.of(key.table(), json, key.model()).toString(), json);
            }
        }
    }

    /** A key of a table that need not exist, and the query that computes it: identity, key, then each column's output. */
    private record RandomKey(
            QualifiedName table, String model, Map<String, ColumnType> types, List<String> written, String sql) {

        static RandomKey from(RandomValues random) {
            QualifiedName table = new QualifiedName("s" + random.text(5), "t" + random.text(5));
            String model = "M" + random.text(5);
            Map<String, ColumnType> types = new LinkedHashMap<>();
            Map<String, String> expressions = new LinkedHashMap<>();
            List<String> written = new ArrayList<>();
            List<String> inner = new ArrayList<>();
            List<String> outputs = new ArrayList<>();
            for (int i = 0, columns = random.upTo(4); i < columns; i++) {
                String name = random.text(6) + "c" + i;
                ColumnType type = ColumnType.parse(random.pick(RandomValues.KEY_TYPES));
                types.put(name, type);
                expressions.put(name, "v.c" + i);
                written.add(random.of(type));
                inner.add("?::text::%s as c%d".formatted(type.sql(), i));
                outputs.add("format('%s', v.c" + i + ")");
            }
            String sql = "select %s, k.* from (select %s as json, %s from (select %s) as v) as k"
                    .formatted(
                            CanonicalSql.derivedKey(table, "k.json", model),
                            CanonicalSql.keyJson(types, expressions),
                            String.join(", ", outputs),
                            String.join(", ", inner));
            return new RandomKey(table, model, types, written, sql);
        }
    }
}
