package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Await;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several requests at once leave one outcome: that of one after the other. */
class ConcurrencyTest {

    private static final int TRANSACTIONS = 40;

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    /** All of them write the same partner, the same note and the same country. */
    private static List<TransactionWrites> history() {
        List<TransactionWrites> all = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            all.add(transaction(
                    2_000 + i * 16L,
                    i,
                    partner(1, "name " + i, "1", null),
                    note(1, "body " + i),
                    country("DE", "name " + i, null)));
        }
        return all;
    }

    private static List<WriteBatch> cut(long epoch, List<TransactionWrites> history, Random random) {
        List<WriteBatch> batches = new ArrayList<>();
        int start = 0;
        while (start < history.size()) {
            int end = Math.min(history.size(), start + 1 + random.nextInt(8));
            batches.add(new WriteBatch(
                    epoch, lsn(history.get(end - 1).commitLsn().asLong() + 1), history.subList(start, end)));
            start = end;
        }
        return batches;
    }

    private void assertOneOutcome() {
        assertThat(rows("""
                select name || ' ' || coalesce(lead(valid_from) over (order by valid_from) = valid_to, valid_to is null)
                  from unified.partner order by valid_from
                """)).containsExactlyElementsOf(numbered("name %d true"));
        assertThat(rows("select body from unified.note order by valid_from"))
                .containsExactlyElementsOf(numbered("body %d"));
        assertThat(rows("select name from unified.country")).containsExactly("name " + (TRANSACTIONS - 1));
        assertThat(rows("select state from shadow.pk_map")).containsExactly("current", "current", "current");
        assertThat(api.target().queryForLong("select count(*) from shadow.event_ledger"))
                .isEqualTo(TRANSACTIONS * 3L);
        assertThat(api.target().queryForLong("select count(*) from provenance.transaction"))
                .isEqualTo(TRANSACTIONS * 3L);
    }

    private static List<String> numbered(String text) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            all.add(text.formatted(i));
        }
        return all;
    }

    private List<@Nullable String> rows(String sql) {
        return api.target().queryForList(sql);
    }

    @Test
    void givesTheSameStreamCutDifferentlyBySeveralSendersOneOutcome() throws Exception {
        List<TransactionWrites> history = history();
        try (ExecutorService senders = Executors.newFixedThreadPool(4)) {
            List<Future<?>> sent = new ArrayList<>();
            for (int sender = 0; sender < 4; sender++) {
                List<WriteBatch> batches = cut(1, history, new Random(sender));
                sent.add(senders.submit(() -> batches.forEach(api.service()::write)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }

        assertOneOutcome();
    }

    @Test
    void letsASenderOfAnOlderEpochLeaveNothing() throws Exception {
        long newest = api.service().openSession(api.session()).epoch();
        List<TransactionWrites> history = history();
        try (ExecutorService senders = Executors.newFixedThreadPool(2)) {
            List<WriteBatch> stale = cut(newest - 1, history, new Random(1));
            Future<?> zombie = senders.submit(() -> stale.forEach(this::assertFenced));
            List<WriteBatch> batches = cut(newest, history, new Random(2));
            Future<?> successor = senders.submit(() -> batches.forEach(api.service()::write));
            zombie.get();
            successor.get();
        }

        assertOneOutcome();
    }

    private void assertFenced(WriteBatch batch) {
        assertThatThrownBy(() -> api.service().write(batch))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.EPOCH_FENCED));
    }

    @Test
    void answersADeadlockWithAConflictThatMayBeRepeated() throws Exception {
        api.service().write(batch(2_050, transaction(2_000, 0, country("AA", "a", null), country("BB", "b", null))));
        WriteBatch both = batch(2_150, transaction(2_100, 0, country("AA", "aa", null), country("BB", "bb", null)));
        // Whoever waits for longer than this looks for a deadlock, once: the API, when the other one waits for it
        // already.
        api.target().execute("alter system set deadlock_timeout = '5s'", "select pg_reload_conf()");
        try (ExecutorService sender = Executors.newSingleThreadExecutor();
                Connection other = api.target().connect();
                Statement statement = other.createStatement()) {
            statement.execute("set deadlock_timeout = '60s'");
            other.setAutoCommit(false);
            statement.execute("update unified.country set note = 'x' where code = 'BB'");
            Future<?> refused = sender.submit(() -> assertConflict(both));
            Await.until("the API waits for the row", Duration.ofSeconds(20), this::apiWaitsForALock);
            statement.execute("update unified.country set note = 'x' where code = 'AA'");
            refused.get();
            other.rollback();
        } finally {
            api.target().execute("alter system reset deadlock_timeout", "select pg_reload_conf()");
        }

        api.service().write(both);
        assertThat(rows("select name from unified.country order by code")).containsExactly("aa", "bb");
        assertThat(rows("select change_index || ' of ' || commit_lsn from shadow.event_ledger order by 1"))
                .containsExactly("0 of 0/7D0", "0 of 0/834", "1 of 0/7D0", "1 of 0/834");
    }

    private boolean apiWaitsForALock() {
        return api.target().queryForLong("""
                select count(*) from pg_stat_activity
                 where application_name = 'shadow-api' and wait_event_type = 'Lock'
                """) > 0;
    }

    private void assertConflict(WriteBatch batch) {
        assertThatThrownBy(() -> api.service().write(batch)).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.TARGET_CONFLICT);
            assertThat(problem.retryable()).isTrue();
            assertThat(problem.detail()).contains("40P01");
        });
    }

    @ParameterizedTest
    @CsvSource({"XX000, INTERNAL", "53100, TARGET_UNAVAILABLE", "53200, TARGET_UNAVAILABLE", "58030, TARGET_UNAVAILABLE"
    })
    void answersWhatTheTargetCannotDoForNowAndLeavesNothing(String state, ProblemType type) {
        api.target().execute("""
                create function unified.broken() returns trigger language plpgsql as $$
                begin
                    raise exception 'quotes %%', new.name using errcode = '%s';
                end $$
                """.formatted(state), """
                create trigger broken before insert on unified.country for each row execute function unified.broken()
                """);
        WriteBatch one = batch(2_050, transaction(2_000, 0, note(1, "x"), country("AA", "secret", null)));
        try {
            assertThatThrownBy(() -> api.service().write(one)).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                assertThat(problem.type()).isEqualTo(type);
                assertThat(problem.retryable()).isTrue();
                assertThat(problem.detail()).contains(state).doesNotContain("secret");
            });
            assertThat(rows("select body from unified.note")).isEmpty();
            assertThat(rows("select source_key from shadow.event_ledger")).isEmpty();
            assertThat(api.service().controlState().position()).isEqualTo(TestApi.BASELINE);
        } finally {
            api.target().execute("drop function unified.broken() cascade");
        }

        assertThat(api.service().write(one).replayed()).isZero();
    }
}
