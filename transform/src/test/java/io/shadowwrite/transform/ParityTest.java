package io.shadowwrite.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.testsupport.parity.ParityCase;
import io.shadowwrite.testsupport.parity.ParityStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every parity case: its messages become its writes. A case without writes gets a draft of them with
 * {@code -Dparity.record=true}, to be read by a person before it is committed; written ones are never changed.
 */
class ParityTest {

    private static final Transformer TRANSFORMER = new Transformer(ParityReplay.contract());

    static List<ParityCase> cases() {
        return ParityCase.all(ParityReplay.CASES);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void messagesBecomeTheWrites(ParityCase written) {
        ParityCase one = Boolean.getBoolean("parity.record") ? drafted(written) : written;

        for (ParityStep step : one.transactions()) {
            ParityReplay.Outcome outcome = ParityReplay.outcome(TRANSFORMER, ParityReplay.transaction(one, step));
            String writes = step.writes();
            assertThat(writes)
                    .as("writes of '%s'; -Dparity.record=true drafts them", step.sql())
                    .isNotNull();
            assertThat(onTheWire(outcome)).as("%s", step.sql()).isEqualTo(tree(writes));
            assertThat(outcome.problems()).as("%s", step.sql()).isEqualTo(step.problems());
        }
    }

    /** A spelling that the next run of the recorder would change is a difference nobody made. */
    @ParameterizedTest
    @MethodSource("cases")
    void fileIsSpelledAsTheRecorderSpellsIt(ParityCase one) throws Exception {
        assertThat(one.file()).content().isEqualTo(one.text());
    }

    private ParityCase drafted(ParityCase one) {
        List<ParityStep> steps = new ArrayList<>();
        for (ParityStep step : one.transactions()) {
            if (step.writes() == null) {
                ParityReplay.Outcome outcome = ParityReplay.outcome(TRANSFORMER, ParityReplay.transaction(one, step));
                steps.add(new ParityStep(
                        step.sql(), step.messages(), onTheWire(outcome).toString(), outcome.problems()));
            } else {
                steps.add(step);
            }
        }
        one.with(one.partitions(), steps).save();
        return ParityCase.read(one.file());
    }

    private static JsonNode onTheWire(ParityReplay.Outcome outcome) {
        return tree(WireJson.mapper().writeValueAsString(outcome.writes()));
    }

    private static JsonNode tree(@Nullable String json) {
        return WireJson.mapper().readTree(json);
    }
}
