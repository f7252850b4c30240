package io.shadowwrite.verification.compile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.canonical.DerivedKey;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Expression.Column;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.Filter.Operator;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.Write;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.verification.session.PinnedSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@PostgresTest
class ContractCompilerTest {

    private static final ColumnType BIGINT = new ColumnType("bigint", Kind.INTEGER);
    private static final ColumnType SMALLINT = new ColumnType("smallint", Kind.INTEGER);
    private static final ColumnType TEXT = new ColumnType("text", Kind.TEXT);
    private static final ColumnType VARCHAR3 = new ColumnType("character varying(3)", Kind.TEXT);
    private static final ColumnType CHAR5 = new ColumnType("character(5)", Kind.BLANK_PADDED);
    private static final ColumnType NUMERIC = new ColumnType("numeric", Kind.DECIMAL);
    private static final ColumnType MONEY = new ColumnType("numeric(12,2)", Kind.DECIMAL);
    private static final ColumnType BOOLEAN = new ColumnType("boolean", Kind.BOOLEAN);
    private static final ColumnType UUID_TYPE = new ColumnType("uuid", Kind.UUID);
    private static final ColumnType BYTEA = new ColumnType("bytea", Kind.BYTEA);
    private static final ColumnType DATE = new ColumnType("date", Kind.DATE);
    private static final ColumnType LOCAL_TIME = new ColumnType("timestamp without time zone", Kind.TIMESTAMP);
    private static final ColumnType INSTANT = new ColumnType("timestamp with time zone", Kind.TIMESTAMPTZ);
    private static final ColumnType JSONB = new ColumnType("jsonb", Kind.JSONB);
    private static final ColumnType JSON = new ColumnType("json", Kind.JSON);
    private static final ColumnType REAL = new ColumnType("real", Kind.FLOAT);
    private static final ColumnType DOUBLE = new ColumnType("double precision", Kind.FLOAT);
    private static final ColumnType MOOD = new ColumnType("app.mood", Kind.OTHER);
    private static final ColumnType THERE = new ColumnType("unified.mood", Kind.OTHER);

    private static final QualifiedName ITEM = new QualifiedName("app", "item");
    private static final QualifiedName OWNER = new QualifiedName("app", "owner");

    private static final Map<String, ColumnType> COLUMNS = columns();

    private static Database source;

    private static Map<String, ColumnType> columns() {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        columns.put("id", BIGINT);
        columns.put("small", SMALLINT);
        columns.put("label", TEXT);
        columns.put("nothing", TEXT);
        columns.put("code", CHAR5);
        columns.put("amount", NUMERIC);
        columns.put("flag", BOOLEAN);
        columns.put("bytes", BYTEA);
        columns.put("day", DATE);
        columns.put("local", LOCAL_TIME);
        columns.put("instant", INSTANT);
        columns.put("doc", JSONB);
        columns.put("raw", JSON);
        columns.put("ratio", REAL);
        columns.put("mood", MOOD);
        columns.put("owner_name", new ColumnType("character varying(20)", Kind.TEXT));
        columns.put("owner_no", SMALLINT);
        return columns;
    }

    @BeforeAll
    static void oneRow(@Source Database database) {
        source = database;
        database.execute("create schema app", "create type app.mood as enum ('sad', 'ok', 'happy')", """
                create table app.item (id bigint primary key, small smallint, label text, nothing text, code char(5),
                  amount numeric, flag boolean, bytes bytea, day date, local timestamp, instant timestamptz, doc jsonb,
                  raw json, ratio real, mood app.mood, owner_name varchar(20), owner_no smallint)
                """, """
                insert into app.item values (42, 7, '  Ä b|C  ', null, 'AB', 12.340, true, '\\x00ff', '2024-02-29',
                  '2024-10-27 02:30:00', '2024-01-02 03:04:05.6+02', '{"a": {"b": "x", "n": 1.50, "t": true, "z": null}, "l": [1]}',
                  '{"b":1,  "a":2}', 0.1, 'ok', 'O''Neil', 3)
                """);
    }

    @Test
    void copiesEveryKindAsTheTargetHoldsIt() throws SQLException {
        assertThat(value(column("id"), TEXT)).isEqualTo("42");
        assertThat(value(column("id"), MONEY)).isEqualTo("42.00");
        assertThat(value(column("small"), BIGINT)).isEqualTo("7");
        assertThat(value(column("amount"), NUMERIC)).isEqualTo("12.340");
        assertThat(value(column("amount"), MONEY)).isEqualTo("12.34");
        assertThat(value(column("code"), TEXT)).isEqualTo("AB");
        assertThat(value(column("flag"), TEXT)).isEqualTo("true");
        assertThat(value(column("bytes"), BYTEA)).isEqualTo("\\x00ff");
        assertThat(value(column("day"), DATE)).isEqualTo("2024-02-29");
        assertThat(value(column("local"), LOCAL_TIME)).isEqualTo("2024-10-27T02:30:00.000000Z");
        assertThat(value(column("instant"), INSTANT)).isEqualTo("2024-01-02T01:04:05.600000Z");
        assertThat(value(column("ratio"), DOUBLE)).isEqualTo("0.1");
        assertThat(value(column("mood"), THERE)).isEqualTo("ok");
        assertThat(value(column("nothing"), TEXT)).isNull();
        assertThat(value(column("nothing"), MONEY)).isNull();
    }

    @Test
    void comparesJsonAsJsonbAndCopiesItsTextOtherwise() throws SQLException {
        assertThat(value(column("raw"), JSON)).isEqualTo("{\"a\": 2, \"b\": 1}");
        assertThat(value(column("raw"), TEXT)).isEqualTo("{\"b\":1,  \"a\":2}");
    }

    @Test
    void cutsNothingButTrailingSpacesToFitATarget() throws SQLException {
        assertThat(value(new Expression.Constant("abc  "), VARCHAR3)).isEqualTo("abc");
        assertThat(value(new Expression.Constant("abcd"), VARCHAR3)).isEqualTo("abcd");
        assertThat(value(new Expression.Constant("AB   "), CHAR5)).isEqualTo("AB");
    }

    @Test
    void keepsTextThatTheTargetCannotHoldInsteadOfFailing() throws SQLException {
        assertThat(value(column("label"), BIGINT)).isEqualTo("  Ä b|C  ");
        assertThat(value(column("label"), MONEY)).isEqualTo("  Ä b|C  ");
        assertThat(value(column("label"), BOOLEAN)).isEqualTo("  Ä b|C  ");
        assertThat(value(column("label"), UUID_TYPE)).isEqualTo("  Ä b|C  ");
    }

    @Test
    void readsConstantsAsTheTargetReadsThem() throws SQLException {
        assertThat(value(new Expression.Constant("it's"), TEXT)).isEqualTo("it's");
        assertThat(value(new Expression.Constant(null), BOOLEAN)).isNull();
        assertThat(value(new Expression.Constant("Y"), BOOLEAN)).isEqualTo("true");
        assertThat(value(new Expression.Constant("1e3"), NUMERIC)).isEqualTo("1000");
    }

    @Test
    void derivesTheIdentityOfTheRow() throws SQLException {
        UUID expected = DerivedKey.of(ITEM, "{\"id\":42}", "Item");

        assertThat(value(new Expression.Derived(), UUID_TYPE)).isEqualTo(expected.toString());
    }

    @Test
    void derivesTheIdentityOfAReferencedRowFromItsOwnKeyTypes() throws SQLException {
        Expression reference =
                new Expression.Reference(OWNER, "Owner", Map.of("name", local("owner_name"), "no", local("owner_no")));
        String key = CanonicalKey.json(Map.of("name", TEXT, "no", BIGINT), Map.of("name", "O'Neil", "no", "3"));

        assertThat(value(reference, UUID_TYPE))
                .isEqualTo(DerivedKey.of(OWNER, key, "Owner").toString());
    }

    @Test
    void refersToNothingWhenPartOfTheReferenceIsNull() throws SQLException {
        Expression reference =
                new Expression.Reference(OWNER, "Owner", Map.of("name", local("nothing"), "no", local("owner_no")));

        assertThat(value(reference, UUID_TYPE)).isNull();
    }

    @Test
    void mapsByEntryThenDefaultAndKeepsNull() throws SQLException {
        Map<String, String> entries = Map.of("ok", "fine", "sad", "low");

        assertThat(value(new Expression.ValueMap(column("mood"), entries, null, true), TEXT))
                .isEqualTo("fine");
        assertThat(value(new Expression.ValueMap(column("code"), entries, "else", false), TEXT))
                .isEqualTo("else");
        assertThat(value(new Expression.ValueMap(column("code"), entries, null, false), TEXT))
                .isNull();
        assertThat(value(new Expression.ValueMap(column("nothing"), entries, "else", false), TEXT))
                .isNull();
        assertThat(value(new Expression.ValueMap(column("nothing"), Map.of(), "else", true), TEXT))
                .isNull();
        assertThat(value(new Expression.ValueMap(column("code"), Map.of(), "else", false), TEXT))
                .isEqualTo("else");
    }

    @Test
    void marksAStrictMapWithoutAnEntryWhereverItStands() throws SQLException {
        Expression strict = new Expression.ValueMap(column("code"), Map.of("no", "true"), null, true);

        assertThat(value(strict, BOOLEAN)).isEqualTo(ContractCompiler.MEANINGLESS);
        assertThat(value(new Expression.Upper(new Expression.Trim(strict)), TEXT))
                .isEqualTo(ContractCompiler.MEANINGLESS);
        assertThat(value(new Expression.Concat(List.of(column("id"), strict), "-"), TEXT))
                .isEqualTo(ContractCompiler.MEANINGLESS);
        assertThat(value(new Expression.Coalesce(List.of(column("nothing"), strict)), TEXT))
                .isEqualTo(ContractCompiler.MEANINGLESS);
        assertThat(value(new Expression.Coalesce(List.of(column("id"), strict)), TEXT))
                .isEqualTo("42");
    }

    @Test
    void joinsAndChoosesParts() throws SQLException {
        assertThat(value(new Expression.Coalesce(List.of(column("nothing"), column("small"), column("id"))), TEXT))
                .isEqualTo("7");
        assertThat(value(new Expression.Concat(List.of(column("code"), column("nothing"), column("id")), "/"), TEXT))
                .isEqualTo("AB/42");
        assertThat(value(new Expression.Concat(List.of(column("nothing")), "/"), TEXT))
                .isEmpty();
    }

    @Test
    void takesScalarsOutOfDocuments() throws SQLException {
        assertThat(value(json("a", "b"), TEXT)).isEqualTo("x");
        assertThat(value(json("a", "n"), TEXT)).isEqualTo("1.50");
        assertThat(value(json("a", "t"), BOOLEAN)).isEqualTo("true");
        assertThat(value(json("a", "z"), TEXT)).isNull();
        assertThat(value(json("a"), TEXT)).isNull();
        assertThat(value(json("l"), TEXT)).isNull();
        assertThat(value(json("missing", "b"), TEXT)).isNull();
    }

    @Test
    void changesTextWithoutALocale() throws SQLException {
        assertThat(value(new Expression.Trim(column("label")), TEXT)).isEqualTo("Ä b|C");
        assertThat(value(new Expression.Lower(column("label")), TEXT)).isEqualTo("  Ä b|c  ");
        assertThat(value(new Expression.Upper(column("label")), TEXT)).isEqualTo("  Ä B|C  ");
    }

    @Test
    void scalesExactly() throws SQLException {
        assertThat(value(new Expression.Scale(column("id"), -2), NUMERIC)).isEqualTo("0.42");
        assertThat(value(new Expression.Scale(column("amount"), 2), MONEY)).isEqualTo("1234.00");
        assertThat(value(new Expression.Scale(column("nothing"), 2), MONEY)).isNull();
    }

    @Test
    void readsAnAmbiguousLocalTimeWithTheLaterOffset() throws SQLException {
        assertThat(value(new Expression.Zone(column("local"), "Europe/Berlin"), INSTANT))
                .isEqualTo("2024-10-27T01:30:00.000000Z");
    }

    @Test
    void comparesWithTheValueAsItIsWrittenAndNotAsTheColumnWouldRoundIt() throws SQLException {
        ColumnType seconds = ColumnType.parse("timestamptz(0)");

        assertThat(holds(compare("amount", MONEY, Operator.GREATER, "12.339"))).isTrue();
        assertThat(holds(compare("amount", MONEY, Operator.LESS, "10000000000000")))
                .isTrue();
        assertThat(holds(compare("instant", seconds, Operator.GREATER, "2024-01-02T01:04:05.500000Z")))
                .isTrue();
    }

    @Test
    void keepsRowsThatMeetTheCondition() throws SQLException {
        assertThat(holds(compare("id", BIGINT, Operator.GREATER, "9"))).isTrue();
        assertThat(holds(compare("amount", NUMERIC, Operator.EQUAL, "12.34"))).isTrue();
        assertThat(holds(compare("code", CHAR5, Operator.EQUAL, "AB"))).isTrue();
        assertThat(holds(compare("mood", MOOD, Operator.LESS, "sad"))).isTrue();
        assertThat(holds(compare("flag", BOOLEAN, Operator.NOT_EQUAL, "false"))).isTrue();
        assertThat(holds(compare("instant", INSTANT, Operator.LESS_OR_EQUAL, "2024-01-02T01:04:05.600000Z")))
                .isTrue();
        assertThat(holds(compare("nothing", TEXT, Operator.NOT_EQUAL, "x"))).isFalse();
        assertThat(holds(compare("label", TEXT, Operator.GREATER_OR_EQUAL, "a")))
                .isFalse();
        assertThat(holds(new Filter.In("mood", MOOD, List.of("ok", "happy")))).isTrue();
        assertThat(holds(new Filter.In("mood", MOOD, List.of()))).isFalse();
        assertThat(holds(new Filter.IsNull("nothing"))).isTrue();
        assertThat(holds(new Filter.IsNotNull("nothing"))).isFalse();
        assertThat(holds(new Filter.All(List.of(new Filter.IsNull("nothing"), new Filter.IsNotNull("id")))))
                .isTrue();
        assertThat(holds(new Filter.Any(List.of(new Filter.IsNull("id"), new Filter.IsNotNull("id")))))
                .isTrue();
        assertThat(holds(new Filter.All(List.of()))).isTrue();
        assertThat(holds(new Filter.Any(List.of()))).isFalse();
    }

    private static Expression column(String name) {
        return local(name);
    }

    private static Column local(String name) {
        return new Column(name, requireNonNull(COLUMNS.get(name)), null);
    }

    private static Expression json(String... path) {
        return new Expression.JsonField(local("doc"), List.of(path));
    }

    private static Filter compare(String column, ColumnType type, Operator operator, String value) {
        return new Filter.Compare(column, type, operator, value);
    }

    private static @Nullable String value(Expression expression, ColumnType type) throws SQLException {
        List<@Nullable String> row = rows(null, Map.of("v", expression), Map.of("id", BIGINT, "v", type));
        assertThat(row).hasSize(2);
        assertThat(row.getFirst()).isEqualTo("{\"id\":42}");
        isHashedAsInTheTarget(image(null, Map.of("v", expression), Map.of("id", BIGINT, "v", type)), row.get(1), type);
        return row.get(1);
    }

    private static boolean holds(Filter filter) throws SQLException {
        return !rows(filter, Map.of(), Map.of("id", BIGINT)).isEmpty();
    }

    /** What is hashed of the source must be spelled as what is hashed of a target column that holds the value. */
    private static void isHashedAsInTheTarget(Image image, @Nullable String text, ColumnType type) throws SQLException {
        boolean foreign = type.sql().contains(".");
        String there = foreign ? "?::text" : CanonicalSql.hashed(type, CanonicalSql.parse(type, "?::text"));
        String here = "select row(%s)::text %s".formatted(image.values().getFirst(), image.from());
        try (Connection connection = source.connect()) {
            PinnedSession.pin(connection, Duration.ofSeconds(30));
            assertThat(one(connection, here, null))
                    .as("hashed as %s", type.sql())
                    .isEqualTo(spelled(connection, there, text));
        }
    }

    /** Text that is no value of the type stays as it is. */
    private static @Nullable String spelled(Connection connection, String expression, @Nullable String text)
            throws SQLException {
        try {
            return one(connection, "select row(" + expression + ")::text", text);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).startsWith("22");
            return one(connection, "select row(?::text)::text", text);
        }
    }

    private static @Nullable String one(Connection connection, String sql, @Nullable String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (statement.getParameterMetaData().getParameterCount() > 0) {
                statement.setString(1, parameter);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    private static List<@Nullable String> rows(
            @Nullable Filter filter, Map<String, Expression> values, Map<String, ColumnType> types)
            throws SQLException {
        return firstRow(image(filter, values, types).sql());
    }

    private static Image image(@Nullable Filter filter, Map<String, Expression> values, Map<String, ColumnType> types) {
        TargetModel model = new TargetModel.Crud("Item", new QualifiedName("unified", "item"), List.of("id"), types);
        Write write = new Write(0, model, filter, Map.of("id", local("id")), values);
        Map<QualifiedName, SourceTable> sources = new LinkedHashMap<>();
        sources.put(
                ITEM,
                new SourceTable.Mapped(
                        ITEM, COLUMNS, List.of("id"), SourceTable.Identity.DEFAULT, null, List.of(write)));
        sources.put(
                OWNER,
                new SourceTable.Mapped(
                        OWNER,
                        Map.of("name", TEXT, "no", BIGINT),
                        List.of("name", "no"),
                        SourceTable.Identity.DEFAULT,
                        null,
                        List.of()));
        Contract contract = new Contract("test", "", sources, Map.of("Item", model));
        return new ContractCompiler(contract).models().getFirst().sources().getFirst();
    }

    private static List<@Nullable String> firstRow(String sql) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = 'UTC'");
            statement.execute("set search_path = ''");
            try (ResultSet rows = statement.executeQuery(sql)) {
                List<@Nullable String> values = new ArrayList<>();
                if (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        values.add(rows.getString(i));
                    }
                }
                return values;
            }
        }
    }
}
