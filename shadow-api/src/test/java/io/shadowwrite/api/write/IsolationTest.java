package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.countryGone;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change costs that the target refuses, and which ones it need not refuse. */
class IsolationTest {

    private static final int TRANSACTIONS = 250;
    private static final int POISONED = 137;

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    /** Each transaction of the target that writes takes a number, and so does each savepoint. */
    private long numbersTaken() {
        return api.target().queryForLong("select pg_current_xact_id()::text");
    }

    /** Four changes each. */
    private static List<TransactionWrites> transactions() {
        List<TransactionWrites> all = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            all.add(transaction(
                    2_000 + i * 16L,
                    i,
                    partner(i, "name", "1", null),
                    note(i, "body"),
                    country("C" + i, "country " + i, null),
                    city(i, i == POISONED ? "nowhere" : "C" + i, "city")));
        }
        return all;
    }

    @Test
    void isolatesOneRefusedChangeOfAThousandInAsManyTransactionsAsHalvingTakes() {
        WriteBatch poisoned = new WriteBatch(1, lsn(9_000), transactions());
        long before = numbersTaken();

        assertThatThrownBy(() -> api.service().write(poisoned)).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
            assertThat(problem.facts())
                    .containsEntry("commit_lsn", String.valueOf(2_000 + POISONED * 16))
                    .containsEntry("change_index", "3");
        });

        // Eight times halved, two transactions each time; then four writes by themselves; and room for a partition.
        assertThat(numbersTaken() - before).isBetween(9L, 30L);
        assertThat(api.target().queryForLong("select count(*) from unified.city"))
                .isEqualTo(POISONED);
        assertThat(api.target().queryForLong("select count(*) from shadow.event_ledger"))
                .isEqualTo(POISONED * 4L);
    }

    @Test
    void takesOneTransactionWhenNothingIsRefused() {
        List<TransactionWrites> sound = new ArrayList<>(transactions().subList(0, POISONED));
        api.service().write(batch(1_900, transaction(1_800, 0, country("first", "first", null))));
        long before = numbersTaken();

        api.service().write(new WriteBatch(1, lsn(9_000), sound));

        // Ours, that of counting, and perhaps one of the server's own.
        assertThat(numbersTaken() - before).isBetween(2L, 4L);
    }

    @Test
    void removesAParentThatWasLoggedBeforeItsChildrenAndHandsItsNameOver() {
        api.service()
                .write(batch(
                        2_050,
                        transaction(
                                2_000,
                                0,
                                country("DE", "Germany", null),
                                city(1, "DE", "Bonn"),
                                city(2, "DE", "Kiel"))));

        api.service()
                .write(batch(
                        2_150,
                        transaction(
                                2_100,
                                0,
                                countryGone("DE"),
                                cityGone(1),
                                cityGone(2),
                                country("D2", "Germany", null))));

        assertThat(api.target().queryForList("select code || ' ' || name from unified.country"))
                .containsExactly("D2 Germany");
        assertThat(api.target().queryForLong("select count(*) from unified.city"))
                .isZero();
    }

    @Test
    void namesARemovalThatOthersStillReferToAtTheEnd() {
        api.service().write(batch(2_050, transaction(2_000, 0, country("DE", "Germany", null), city(1, "DE", "Bonn"))));

        assertThatThrownBy(() -> api.service()
                        .write(batch(
                                2_150,
                                transaction(2_100, 0, note(1, "x"), countryGone("DE"), partner(1, "a", "1", null)))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.facts())
                                .containsEntry("change_index", "1")
                                .containsEntry("model", "Country")
                                .containsEntry("sqlstate", "23503"));
    }

    @Test
    void keepsARowThatIsWrittenAgainAfterItsRemovalHadToWait() {
        api.service()
                .write(batch(
                        2_050,
                        transaction(
                                2_000,
                                0,
                                country("DE", "Germany", null),
                                country("FR", "France", null),
                                city(1, "DE", "Bonn"))));

        // The two swap their names, which no set can do.
        api.service()
                .write(batch(
                        2_150,
                        transaction(
                                2_100,
                                0,
                                country("FR", "between", null),
                                countryGone("DE"),
                                country("DE", "France", null),
                                country("FR", "Germany", null),
                                city(1, "DE", "Berlin"))));

        assertThat(api.target().queryForList("select code || ' ' || name from unified.country order by 1"))
                .containsExactly("DE France", "FR Germany");
        assertThat(api.target().queryForList("select name from unified.city")).containsExactly("Berlin");
    }

    /** Stands in for a table of the target that does not do with what it is given. */
    private void withTriggerOnNotes(String body, Runnable then) {
        api.target().execute("""
                create function unified.judge() returns trigger language plpgsql as $$ begin %s return null; end $$;
                create trigger judge after insert on unified.note
                   referencing new table as added for each statement execute function unified.judge();
                """.formatted(body));
        try {
            then.run();
        } finally {
            api.target().execute("drop trigger judge on unified.note; drop function unified.judge();");
        }
    }

    /** Stands in for deferred constraints whose check takes long for two notes of one transaction of the target. */
    private void withSlowDeferredCheckOfNotes(Runnable then) {
        api.target().execute("""
                create function unified.judge() returns trigger language plpgsql as $$
                begin
                    if (select count(*) from unified.note n where age(n.xmin) <= 0) > 1 then
                        raise exception using errcode = 'query_canceled';
                    end if;
                    return null;
                end $$;
                create constraint trigger judge after insert on unified.note
                   deferrable initially deferred for each row execute function unified.judge();
                """);
        try {
            then.run();
        } finally {
            api.target().execute("drop trigger judge on unified.note; drop function unified.judge();");
        }
    }

    @Test
    void cutsABatchWhoseDeferredConstraintsTakeLongerThanAStatementMay() {
        withSlowDeferredCheckOfNotes(() -> api.service()
                .write(batch(3_000, transaction(2_000, 0, note(1, "a")), transaction(2_100, 1, note(2, "b")))));

        assertThat(api.target().queryForList("select body from unified.note order by note_id"))
                .containsExactly("a", "b");
    }

    @Test
    void stopsAtASourceTransactionWhoseDeferredConstraintsTakeLongerThanAStatementMay() {
        withSlowDeferredCheckOfNotes(() -> assertThatThrownBy(() ->
                        api.service().write(batch(3_000, transaction(2_000, 0, note(1, "a"), note(2, "b")))))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.WRITE_TOO_LONG)));

        assertThat(api.target().queryForLong("select count(*) from unified.note"))
                .isZero();
    }

    private static final String TOO_LONG_FOR_TWO =
            "if (select count(*) from added) > 1 then raise exception using errcode = 'query_canceled'; end if;";

    @Test
    void cutsABatchThatTakesLongerThanAStatementMay() {
        withTriggerOnNotes(
                TOO_LONG_FOR_TWO,
                () -> api.service()
                        .write(batch(
                                3_000,
                                transaction(2_000, 0, note(1, "a")),
                                transaction(2_100, 1, note(2, "b")),
                                transaction(2_200, 2, note(3, "c")))));

        assertThat(api.target().queryForList("select body from unified.note order by note_id"))
                .containsExactly("a", "b", "c");
    }

    @Test
    void stopsAtASourceTransactionThatTakesLongerThanAStatementMay() {
        withTriggerOnNotes(
                TOO_LONG_FOR_TWO,
                () -> assertThatThrownBy(() -> api.service()
                                .write(batch(
                                        3_000,
                                        transaction(2_000, 0, note(1, "a")),
                                        transaction(2_100, 1, note(2, "b"), note(3, "c")))))
                        .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                            assertThat(problem.type()).isEqualTo(ProblemType.WRITE_TOO_LONG);
                            assertThat(problem.facts())
                                    .containsEntry("model", "Note")
                                    .containsEntry("statement", "writing");
                        }));

        assertThat(api.target().queryForList("select body from unified.note")).containsExactly("a");
    }

    @Test
    void namesAChangeThatATriggerRefusesUnderAClassOfItsOwn() {
        withTriggerOnNotes(
                "raise exception using errcode = 'UX001';",
                () -> refused(transaction(2_000, 0, partner(1, "a", "1", null), note(1, "a")), "1", "UX001"));
    }

    @Test
    void namesAChangeWhoseKeyIsTooLongForAnIndex() {
        String incompressible = new Random(1)
                .ints(20_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());

        refused(
                transaction(2_000, 0, country("DE", "Germany", null), country("FR", incompressible, null)),
                "1",
                "54000");
    }

    private void refused(TransactionWrites transaction, String changeIndex, String sqlState) {
        assertThatThrownBy(() -> api.service().write(batch(3_000, transaction)))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.facts())
                            .containsEntry("change_index", changeIndex)
                            .containsEntry("sqlstate", sqlState);
                });
    }

    @Test
    void triesRemovalsThatOthersReferToAFewTimesAtMost() {
        int parents = 60;
        List<ChangeWrites> before = new ArrayList<>(List.of(country("DE", "Germany", null)));
        // The unique name moves from one key to another, which a set refuses.
        List<ChangeWrites> after = new ArrayList<>(List.of(countryGone("DE"), country("DD", "Germany", null)));
        for (int i = 0; i < parents; i++) {
            before.add(country("C" + i, "country " + i, null));
            before.add(city(i, "C" + i, "city"));
            after.add(countryGone("C" + i));
        }
        for (int i = 0; i < parents; i++) {
            after.add(cityGone(i));
        }
        api.service().write(batch(3_000, transaction(2_000, 0, before.toArray(ChangeWrites[]::new))));
        long numbers = numbersTaken();

        api.service().write(batch(4_000, transaction(3_100, 1, after.toArray(ChangeWrites[]::new))));

        assertThat(api.target().queryForList("select code from unified.country"))
                .containsExactly("DD");
        assertThat(numbersTaken() - numbers).isLessThan(8L * parents);
    }

    @Test
    void doesNotTryRemovalsThatHaveToWaitAtEveryRefusal() {
        int parents = 40;
        List<ChangeWrites> before = new ArrayList<>();
        List<ChangeWrites> after = new ArrayList<>();
        for (int i = 0; i < parents; i++) {
            before.add(country("S" + i, "stays long " + i, null));
            before.add(city(i, "S" + i, "city"));
            before.add(country("G" + i, "goes soon " + i, null));
            before.add(city(100 + i, "G" + i, "city"));
            after.add(countryGone("S" + i));
        }
        for (int i = 0; i < parents; i++) {
            after.add(countryGone("G" + i));
            after.add(cityGone(100 + i));
            // Refused until the one before has gone, which has its name.
            after.add(country("N" + i, "goes soon " + i, null));
        }
        for (int i = 0; i < parents; i++) {
            after.add(cityGone(i));
        }
        api.service().write(batch(3_000, transaction(2_000, 0, before.toArray(ChangeWrites[]::new))));
        long numbers = numbersTaken();

        api.service().write(batch(4_000, transaction(3_100, 1, after.toArray(ChangeWrites[]::new))));

        assertThat(api.target().queryForLong("select count(*) from unified.country where code like 'N%'"))
                .isEqualTo(parents);
        assertThat(api.target().queryForLong("select count(*) from unified.country"))
                .isEqualTo(parents);
        assertThat(numbersTaken() - numbers).isLessThan(5L * after.size());
    }
}
