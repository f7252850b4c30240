package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.change;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.countryGone;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.noteGone;
import static io.shadowwrite.api.write.Batches.remove;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.upsert;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models without history, and constraints of the target between them. */
class InPlaceTest {

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private List<String> countries() {
        return rows("select concat_ws(' ', code, name, coalesce(note, '-')) from unified.country order by code");
    }

    private List<String> cities() {
        return rows("select concat_ws(' ', name, coalesce(country_code, '-')) from unified.city order by city_id");
    }

    private List<String> rows(String sql) {
        return api.target().queryForList(sql);
    }

    @Test
    void overwritesInPlaceAndKeepsColumnsThatTheSourceLeftUnchanged() {
        api.service()
                .write(batch(
                        3_000,
                        transaction(2_000, 0, country("DE", "Germany", "x"), country("FR", "France", "y")),
                        transaction(2_100, 1, country("DE", "Deutschland")),
                        transaction(2_200, 2, countryGone("FR"), country("IT", "Italia", null))));

        assertThat(countries()).containsExactly("DE Deutschland x", "IT Italia -");
        assertThat(rows("select source_key || state from shadow.pk_map order by 1"))
                .containsExactly("{\"code\":\"DE\"}current", "{\"code\":\"FR\"}archived", "{\"code\":\"IT\"}current");
    }

    @Test
    void keepsJunctionsAsTheyAreLinkedAndUnlinked() {
        api.service().write(batch(3_000, transaction(2_000, 0, city(1, null, "Rome"), presence(7, 1), presence(8, 1))));

        api.service().write(batch(4_000, transaction(3_100, 0, presenceGone(7, 1), presence(8, 1))));

        assertThat(rows("select partner_id from unified.presence")).containsExactly(uuid(8));
    }

    private static ChangeWrites presence(int partner, int city) {
        return change(
                "presence",
                "{\"p\":" + partner + "}",
                Operation.INSERT,
                upsert("Presence", pair(partner, city), Map.of()));
    }

    private static ChangeWrites presenceGone(int partner, int city) {
        return change("presence", "{\"p\":" + partner + "}", Operation.DELETE, remove("Presence", pair(partner, city)));
    }

    private static Map<String, String> pair(int partner, int city) {
        return Map.of("partner_id", uuid(partner), "city_id", uuid(city));
    }

    @Test
    void writesParentsBeforeChildrenAndRemovesThemTheOtherWayRound() {
        api.service()
                .write(batch(3_000, transaction(2_000, 0, city(1, "DE", "Berlin"), country("DE", "Germany", null))));
        assertThat(cities()).containsExactly("Berlin DE");

        api.service().write(batch(4_000, transaction(3_100, 0, countryGone("DE"), cityGone(1))));

        assertThat(cities()).isEmpty();
        assertThat(countries()).isEmpty();
    }

    @Test
    void fallsBackToTheOrderOfTheSourceWhenSetsAreRefused() {
        api.service().write(batch(3_000, transaction(2_000, 0, country("DE", "Germany", null))));

        // The unique name moves from one key to another: as sets the insert would come before the delete.
        api.service()
                .write(batch(
                        4_000,
                        transaction(
                                3_100, 0, countryGone("DE"), country("DD", "Germany", "z"), city(1, "DD", "Berlin")),
                        transaction(3_200, 0, city(1, "DD", "Leipzig"), city(1, "DD", "Dresden"))));

        assertThat(countries()).containsExactly("DD Germany z");
        assertThat(cities()).containsExactly("Dresden DD");
        assertThat(rows("select disposition from shadow.event_ledger"))
                .containsOnly("1")
                .hasSize(6);
    }

    @Test
    void letsEachTransactionFindTheOrderItNeeds() {
        api.service()
                .write(batch(
                        3_000,
                        transaction(2_000, 0, country("DE", "Germany", null), country("FR", "France", null)),
                        transaction(2_100, 0, city(1, "FR", "Paris"))));

        // The first needs the order of the source, the second would be refused in it: its parent goes first.
        WriteResult result = api.service()
                .write(batch(
                        4_000,
                        transaction(3_100, 0, countryGone("DE"), country("DD", "Germany", null)),
                        transaction(3_200, 0, countryGone("FR"), cityGone(1))));

        assertThat(result.applied()).isEqualTo(2);
        assertThat(result.control().position()).isEqualTo(lsn(4_000));
        assertThat(countries()).containsExactly("DD Germany -");
        assertThat(cities()).isEmpty();
    }

    @Test
    void namesTheChangeThatADeferredConstraintRefuses() {
        api.target()
                .execute(
                        "alter table unified.city alter constraint city_country_code_fkey deferrable initially deferred");
        try {
            assertThatThrownBy(() -> api.service()
                            .write(batch(
                                    3_000,
                                    transaction(2_000, 0, country("DE", "Germany", null)),
                                    transaction(2_100, 0, city(1, "XX", "Nowhere")))))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                        assertThat(problem.facts())
                                .containsEntry("commit_lsn", "2100")
                                .containsEntry("guessed", "true")
                                .containsEntry("constraint", "city_country_code_fkey");
                    });
        } finally {
            api.target().execute("alter table unified.city alter constraint city_country_code_fkey not deferrable");
        }
    }

    @Test
    void namesOnlyChangesThatWriteToTheTablesOfADeferredConstraint() {
        withDeferredCountryOfCities(() -> {
            api.service()
                    .write(batch(
                            3_000,
                            transaction(
                                    2_000, 0, country("DE", "Germany", null), city(1, "DE", "Berlin"), note(1, "x"))));

            // A child without its parent, among rows that have nothing to do with it.
            assertBlamed(
                    1,
                    transaction(
                            3_100,
                            0,
                            country("FR", "France", null),
                            city(2, "XX", "Nowhere"),
                            note(2, "a"),
                            country("IT", "Italy", null),
                            note(3, "b")));
            // A parent that goes and leaves its child.
            assertBlamed(
                    1,
                    transaction(3_100, 0, note(2, "a"), countryGone("DE"), country("IT", "Italy", null), noteGone(1)));
        });
    }

    @Test
    void whatOnlyATriggerSaysIsBlamedOnTheLastChange() {
        api.target().execute("""
                create function unified.refuse() returns trigger language plpgsql
                    as 'begin raise exception ''no'' using errcode = ''23514''; end';
                create constraint trigger late after insert on unified.city deferrable initially deferred
                    for each row execute function unified.refuse();
                """);
        try {
            assertBlamed(
                    2, transaction(3_100, 0, city(2, null, "Nowhere"), country("IT", "Italy", null), note(3, "b")));
        } finally {
            api.target().execute("drop trigger late on unified.city; drop function unified.refuse()");
        }
    }

    private void assertBlamed(int changeIndex, TransactionWrites transaction) {
        assertThatThrownBy(() -> api.service().write(batch(4_000, transaction)))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.facts()).containsEntry("change_index", String.valueOf(changeIndex));
                });
    }

    private void withDeferredCountryOfCities(Runnable then) {
        api.target()
                .execute(
                        "alter table unified.city alter constraint city_country_code_fkey deferrable initially deferred");
        try {
            then.run();
        } finally {
            api.target().execute("alter table unified.city alter constraint city_country_code_fkey not deferrable");
        }
    }

    @Test
    void namesWhatTheTargetLostSinceTheStart() {
        api.target().execute("alter table unified.country rename note to remark");
        try {
            assertThatThrownBy(() ->
                            api.service().write(batch(3_000, transaction(2_000, 0, country("DE", "Germany", null)))))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.INTERNAL);
                        assertThat(problem.detail()).contains("42703", "note").doesNotContain("Germany");
                    });
        } finally {
            api.target().execute("alter table unified.country rename remark to note");
        }
    }

    @Test
    void appliesWhatComesBeforeTheChangeThatIsRefusedAndNamesIt() {
        assertThatThrownBy(() -> api.service()
                        .write(batch(
                                3_000,
                                transaction(2_000, 0, country("DE", "Germany", null)),
                                transaction(2_100, 0, country("FR", "France", null), city(1, "XX", "Nowhere")))))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.retryable()).isFalse();
                    assertThat(problem.facts())
                            .containsEntry("commit_lsn", "2100")
                            .containsEntry("change_index", "1")
                            .doesNotContainKey("guessed")
                            .containsEntry("model", "City")
                            .containsEntry("sqlstate", "23503")
                            .containsEntry("constraint", "city_country_code_fkey");
                    assertThat(problem.detail()).doesNotContain("XX").doesNotContain("Nowhere");
                });

        assertThat(countries()).containsExactly("DE Germany -");
        assertThat(rows("select commit_lsn from shadow.event_ledger")).containsExactly("0/7D0");
        assertThat(rows("select position from shadow.reader_position where side = 1"))
                .containsExactly("0/834");
    }

    @Test
    void refusesATextThatIsTooLongInsteadOfCuttingIt() {
        assertThatThrownBy(() ->
                        api.service().write(batch(3_000, transaction(2_000, 0, city(1, null, "Llanfairpwllgwyngyll")))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.facts()).containsEntry("sqlstate", "22001"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"
            })
    void takesAUuidInEverySpellingThatTheServerTakes(String spelling) {
        api.service().write(batch(3_000, transaction(2_000, 0, cityOf(spelling))));

        assertThat(rows("select city_id from unified.city")).containsExactly("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertThat(rows("select '%s'::uuid".formatted(spelling)))
                .containsExactly("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a112",
                "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
                "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
            })
    void namesTheChangeWhoseUuidIsNone(String text) {
        assertThatThrownBy(() -> api.service()
                        .write(batch(
                                3_000,
                                transaction(2_000, 0, country("DE", "Germany", null)),
                                transaction(2_100, 0, country("FR", "France", null), cityOf(text)))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.facts())
                                .containsEntry("commit_lsn", "2100")
                                .containsEntry("change_index", "1")
                                .containsEntry("sqlstate", "22P02"));
        assertThatThrownBy(() -> rows("select '%s'::uuid".formatted(text)))
                .hasMessageContaining("invalid input syntax for type uuid");
        assertThat(countries()).containsExactly("DE Germany -");
    }

    private static ChangeWrites cityOf(String uuid) {
        return change(
                "city",
                "{\"id\":1}",
                Operation.INSERT,
                upsert("City", Map.of("city_id", uuid), Batches.values(List.of("country_code", "name"), null, "Bonn")));
    }

    @Test
    void refusesAModelOrColumnThatTheContractDoesNotHave() {
        ChangeWrites unknownModel =
                change("city", "{\"id\":1}", Operation.INSERT, upsert("Town", Map.of("id", "1"), Map.of()));
        ChangeWrites unknownColumn = change(
                "city",
                "{\"id\":1}",
                Operation.INSERT,
                upsert("City", Map.of("city_id", uuid(1)), Map.of("size", "1")));

        assertThatThrownBy(() -> api.service().write(batch(3_000, transaction(2_000, 0, unknownModel))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT));
        assertThatThrownBy(() -> api.service().write(batch(3_000, transaction(2_000, 0, unknownColumn))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT));
    }
}
