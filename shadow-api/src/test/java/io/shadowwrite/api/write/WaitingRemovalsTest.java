package io.shadowwrite.api.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.write.WaitingRemovals.Row;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Removals that wait, before a table of which only the keys are known that others refer to. */
class WaitingRemovalsTest {

    private final Set<String> referredTo = new HashSet<>();
    private final List<String> deleted = new ArrayList<>();
    private int attempts;

    private WaitingRemovals waiting(int most, int mostTries) {
        return new WaitingRemovals(
                (model, keys) -> {
                    attempts++;
                    if (keys.stream().anyMatch(key -> referredTo.contains(key.getFirst()))) {
                        return refusal();
                    }
                    keys.forEach(key -> deleted.add(model + key.getFirst()));
                    return null;
                },
                List.of("Parent", "Child"),
                most,
                mostTries);
    }

    private static DataIntegrityViolationException refusal() {
        return new DataIntegrityViolationException("referred to");
    }

    private static void add(WaitingRemovals waiting, String model, int number) {
        waiting.add(new Row(model, List.of(String.valueOf(number))), number, refusal());
    }

    @Test
    void goInOneStatementPerModelChildrenFirstAndTheYoungestFirst() {
        WaitingRemovals waiting = waiting(100, 100);
        add(waiting, "Parent", 1);
        add(waiting, "Child", 2);
        add(waiting, "Child", 3);

        assertThat(waiting.removeAll()).isTrue();

        assertThat(deleted).containsExactly("Child3", "Child2", "Parent1");
        assertThat(attempts).isEqualTo(2);
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void fewThatHaveToStayCostFewTries() {
        WaitingRemovals waiting = waiting(2_000, 1_000);
        for (int i = 0; i < 1_000; i++) {
            add(waiting, "Parent", i);
        }
        referredTo.add("500");

        assertThat(waiting.removeAll()).isTrue();

        assertThat(deleted).hasSize(999);
        assertThat(attempts).isLessThan(30);
        assertThat(waiting.oldest())
                .isNotNull()
                .satisfies(left -> assertThat(left.getValue()).isEqualTo(500));
    }

    @Test
    void whatWasRefusedAgainIsNotTriedBeforeWhatIsNew() {
        WaitingRemovals waiting = waiting(100, 1_000);
        for (int i = 0; i < 50; i++) {
            add(waiting, "Parent", i);
            referredTo.add(String.valueOf(i));
        }
        assertThat(waiting.removeFresh()).isFalse();
        attempts = 0;
        add(waiting, "Parent", 99);

        assertThat(waiting.removeFresh()).isTrue();

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void whatIsWrittenAgainStays() {
        WaitingRemovals waiting = waiting(100, 100);
        add(waiting, "Parent", 1);

        waiting.forget(new Row("Parent", List.of("1")));

        assertThat(waiting.removeAll()).isFalse();
        assertThat(deleted).isEmpty();
    }

    @Test
    void tooManyAreRefusedWithTheWayOut() {
        WaitingRemovals waiting = waiting(3, 100);
        for (int i = 0; i < 3; i++) {
            add(waiting, "Parent", i);
        }

        assertTooLong(() -> add(waiting, "Parent", 3), "more than 3 rows");
    }

    @Test
    void tooManyTriesAreRefusedWithTheWayOut() {
        WaitingRemovals waiting = waiting(100, 20);
        for (int i = 0; i < 50; i++) {
            add(waiting, "Parent", i);
            referredTo.add(String.valueOf(i));
        }

        assertTooLong(waiting::removeAll, "50 removals, tried 20 times");
        assertThat(attempts).isEqualTo(21);
    }

    private static void assertTooLong(ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.WRITE_TOO_LONG))
                .hasMessageContaining(what)
                .hasMessageContaining("DEFERRABLE INITIALLY DEFERRED");
    }
}
