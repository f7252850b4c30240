package io.shadowwrite.api.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.deadletter.Transitions.Action;
import io.shadowwrite.api.deadletter.Transitions.Outcome;
import io.shadowwrite.protocol.LetterState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every pair of a state and an action. */
class TransitionsTest {

    @Test
    void answersEveryPairAsTheTableSays() {
        List<String> answers = new ArrayList<>();
        for (LetterState state : LetterState.values()) {
            for (Action action : Action.values()) {
                answers.add("%s %s: %s".formatted(state, action, spelled(Transitions.of(state, action))));
            }
        }

        assertThat(answers)
                .containsExactly(
                        "OPEN PARK: nothing",
                        "OPEN CORRECT: OPEN",
                        "OPEN REPLAY: REPLAYED",
                        "OPEN RELEASE: RELEASED",
                        "OPEN RESOLVE: RESOLVED",
                        "RELEASED PARK: OPEN",
                        "RELEASED CORRECT: refused",
                        "RELEASED REPLAY: nothing",
                        "RELEASED RELEASE: nothing",
                        "RELEASED RESOLVE: refused",
                        "REPLAYED PARK: nothing",
                        "REPLAYED CORRECT: refused",
                        "REPLAYED REPLAY: nothing",
                        "REPLAYED RELEASE: nothing",
                        "REPLAYED RESOLVE: refused",
                        "RESOLVED PARK: nothing",
                        "RESOLVED CORRECT: refused",
                        "RESOLVED REPLAY: refused",
                        "RESOLVED RELEASE: refused",
                        "RESOLVED RESOLVE: nothing");
    }

    private static String spelled(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Becomes(LetterState state) -> state.name();
            case Outcome.Nothing _ -> "nothing";
            case Outcome.Refused _ -> "refused";
        };
    }
}
