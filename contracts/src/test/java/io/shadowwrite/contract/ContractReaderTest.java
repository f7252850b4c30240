package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Filter.Operator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContractReaderTest {

    private static final QualifiedName PERSON = new QualifiedName("old", "person");

    private static final ColumnType BIGINT = new ColumnType("bigint", Kind.INTEGER);

    private static final ColumnType VARCHAR_30 = new ColumnType("character varying(30)", Kind.TEXT);

    @ParameterizedTest
    @MethodSource("io.shadowwrite.contract.BrokenContract#all")
    void tellsWhereAndWhatIsWrong(BrokenContract broken) {
        assertThat(SmallContract.problems(broken.text())).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo(broken.pointer());
            assertThat(problem.message()).contains(broken.message());
        });
    }

    @Test
    void readsModelsWithParentsBeforeChildren() {
        Contract contract = SmallContract.read(SmallContract.TEXT);

        assertThat(contract.name()).isEqualTo("small");
        assertThat(contract.models().keySet()).containsExactly("Person", "Tag", "Tagging");
        assertThat(contract.model("Tag"))
                .isEqualTo(new TargetModel.Crud(
                        "Tag",
                        new QualifiedName("app", "tag"),
                        List.of("tag_id"),
                        Map.of("tag_id", Want.UUID, "label", Want.TEXT)));
        assertThat(contract.model("Person")).isInstanceOfSatisfying(TargetModel.Scd2.class, person -> {
            assertThat(person.columns().keySet())
                    .containsExactly("person_id", "name", "vip", "seen", "amount", "mood", "boss_id", "city", "origin");
            assertThat(person.columns()).containsEntry("mood", new ColumnType("\"app\".\"mood\"", Kind.OTHER));
            assertThat(person.validFrom()).isEqualTo("from_time");
            assertThat(person.validTo()).isEqualTo("to_time");
            assertThat(person.archived()).isEqualTo("is_archived");
            assertThat(person.onDelete()).isEqualTo(TargetModel.OnDelete.ARCHIVE);
        });
        assertThat(contract.model("Tagging")).isInstanceOf(TargetModel.Junction.class);
    }

    @Test
    void readsSourcesInFileOrder() {
        Contract contract = SmallContract.read(SmallContract.TEXT);

        assertThat(contract.sources().keySet())
                .extracting(QualifiedName::toString)
                .containsExactly("old.person", "old.tag", "old.tagging", "old.log");
        assertThat(contract.source(new QualifiedName("old", "log")))
                .isEqualTo(new SourceTable.Unmapped(new QualifiedName("old", "log"), "not needed any more"));
        assertThat(mapped(contract, "tag").identity()).isEqualTo(SourceTable.Identity.DEFAULT);
        assertThat(mapped(contract, "tagging").identity()).isEqualTo(SourceTable.Identity.FULL);
        assertThat(mapped(contract, "person").columns()).containsEntry("first", VARCHAR_30);
    }

    @Test
    void readsFiltersWithCanonicalLiterals() {
        SourceTable.Mapped person = mapped(SmallContract.read(SmallContract.TEXT), "person");

        Filter since =
                new Filter.Compare("since", new ColumnType("date", Kind.DATE), Operator.GREATER_OR_EQUAL, "2020-01-01");
        assertThat(person.filter()).isEqualTo(since);
        assertThat(person.writes().getFirst().condition())
                .isEqualTo(new Filter.All(List.of(
                        since,
                        new Filter.Any(List.of(
                                new Filter.In("id", BIGINT, List.of("1", "2")), new Filter.IsNotNull("doc"))))));
    }

    @Test
    void readsEveryKindOfExpression() {
        Write write = mapped(SmallContract.read(SmallContract.TEXT), "person")
                .writes()
                .getFirst();

        assertThat(write.index()).isZero();
        assertThat(write.key()).containsExactly(Map.entry("person_id", new Expression.Derived()));
        assertThat(write.values())
                .containsEntry(
                        "name",
                        new Expression.Concat(
                                List.of(
                                        column("first", VARCHAR_30),
                                        new Expression.Upper(new Expression.Trim(column("last", VARCHAR_30)))),
                                " "))
                .containsEntry(
                        "vip",
                        new Expression.ValueMap(
                                column("vip", new ColumnType("character(1)", Kind.BLANK_PADDED)),
                                Map.of("Y", "true"),
                                "false",
                                false))
                .containsEntry("seen", new Expression.Zone(column("seen", Want.TIMESTAMP), "Europe/Berlin"))
                .containsEntry(
                        "amount", new Expression.Scale(column("cents", new ColumnType("integer", Kind.INTEGER)), -2))
                .containsEntry(
                        "boss_id", new Expression.Reference(PERSON, "Person", Map.of("id", column("boss", BIGINT))))
                .containsEntry(
                        "city",
                        new Expression.Coalesce(List.of(
                                new Expression.JsonField(
                                        column("doc", new ColumnType("jsonb", Kind.JSONB)), List.of("home", "city")),
                                new Expression.Constant("?"))))
                .containsEntry(
                        "origin",
                        new Expression.Column("id", BIGINT, new ColumnType("character varying(10)", Kind.TEXT)));
    }

    @Test
    void aMapWithoutDefaultIsStrictAndOneWithNullIsNot() {
        assertThat(vip(SmallContract.with(", \"default\": \"false\"", "")).strict())
                .isTrue();

        Expression.ValueMap open = vip(SmallContract.with("\"default\": \"false\"", "\"default\": null"));
        assertThat(open.strict()).isFalse();
        assertThat(open.otherwise()).isNull();
    }

    @Test
    void keepsEveryDigitOfANumber() {
        String text = SmallContract.with(
                "{\"scale\": {\"of\": {\"column\": \"cents\"}, \"power\": -2}}",
                "{\"constant\": 0.10000000000000000000001}");

        assertThat(mapped(SmallContract.read(text), "person")
                        .writes()
                        .getFirst()
                        .values())
                .containsEntry("amount", new Expression.Constant("0.10000000000000000000001"));
    }

    @Test
    void tellsAllProblemsAtOnce() {
        String text = SmallContract.with("\"name\": \"small\"", "\"nmae\": \"small\"")
                .replace("\"kind\": \"crud\"", "\"kind\": \"curd\"")
                .replace("\"first\": \"varchar(30)\"", "\"first\": \"varchar(thirty)\"")
                .replace("\"Europe/Berlin\"", "\"Berlin\"")
                .replace("{\"id\": \"person\"}", "{\"id\": \"persn\"}");

        assertThat(BrokenContract.pointers(text))
                .containsExactlyInAnyOrder(
                        "",
                        "/nmae",
                        "/models/Tag/kind",
                        "/sources/old.person/columns/first",
                        "/sources/old.person/writes/0/set/seen/zone/name",
                        "/sources/old.tagging/writes/0/key/person_id/reference/columns/id");
    }

    @Test
    void tellsEveryDuplicateKeyAndReadsOn() {
        String text = SmallContract.with("\"name\": \"small\"", "\"name\": \"small\", \"name\": \"big\"")
                .replace("\"since\": \"date\"", "\"since\": \"date\", \"since\": \"dat\"");

        assertThat(SmallContract.problems(text))
                .extracting(ContractProblem::toString)
                .anyMatch(problem -> problem.startsWith("/name: duplicate key 'name'"))
                .anyMatch(problem -> problem.startsWith("/sources/old.person/columns/since: duplicate key"))
                .anyMatch(problem -> problem.startsWith("/sources/old.person/columns/since: unknown type 'dat'"));
    }

    @Test
    void pointsIntoNamesWithSlashes() {
        String text = SmallContract.TEXT.replace("\"Tag\"", "\"Ta/g~\"").replace("\"crud\"", "\"x\"");

        assertThat(BrokenContract.pointers(text)).containsExactly("/models/Ta~1g~0/kind");
    }

    @Test
    void namesLineAndColumnOfWhatIsNoJson() {
        assertThat(SmallContract.problems("{\n  \"version\": 1,\n}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("not JSON at line 3"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''       | the file is empty
            []       | must be an object, not an array
            {} {}    | not JSON at line 1
            {} }     | not JSON at line 1
            // a     | not JSON at line 1
            """)
    void aFileIsOneObjectAndNothingElse(String text, String message) {
        assertThat(SmallContract.problems(text))
                .anySatisfy(problem -> assertThat(problem.message()).contains(message));
    }

    @Test
    void aMissingFileIsAProblemToo() {
        assertThatExceptionOfType(InvalidContract.class)
                .isThrownBy(() -> new ContractReader().read(Path.of("no-such-contract.json")))
                .withMessageContaining("no-such-contract.json")
                .withMessageContaining("check its path");
    }

    @Test
    void theDigestIsOverTheBytes() {
        assertThat(SmallContract.read(SmallContract.TEXT).sha256()).matches("[0-9a-f]{64}");
        assertThat(SmallContract.read(SmallContract.TEXT + "\n").sha256())
                .isNotEqualTo(SmallContract.read(SmallContract.TEXT).sha256());
    }

    private static Expression.ValueMap vip(String text) {
        return (Expression.ValueMap) mapped(SmallContract.read(text), "person")
                .writes()
                .getFirst()
                .values()
                .getOrDefault("vip", new Expression.Derived());
    }

    private static Expression.Column column(String name, ColumnType type) {
        return new Expression.Column(name, type, null);
    }

    private static SourceTable.Mapped mapped(Contract contract, String table) {
        if (contract.source(new QualifiedName("old", table)) instanceof SourceTable.Mapped mapped) {
            return mapped;
        }
        throw new AssertionError(table + " is not mapped");
    }
}
