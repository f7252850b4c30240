package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a program ends with when shadow-api says no. */
class ProblemTypeTest {

    @ParameterizedTest
    @EnumSource(
            names = {
                "CONTRACT_MISMATCH",
                "WINDOW_NOT_OPEN",
                "WINDOW_ALREADY_OPEN",
                "WINDOW_MISMATCH",
                "OPTIONS_DRIFT",
                "SOURCE_CHANGED",
                "MODEL_UNKNOWN",
                "MALFORMED_REQUEST"
            })
    void blamesTheSettingsForWhatOnlyOtherSettingsMend(ProblemType type) {
        assertThat(type.exitCode()).isEqualTo(ExitCode.INVALID);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "TARGET_UNAVAILABLE",
                "TARGET_CONFLICT",
                "READERS_BUSY",
                "HOLD_TAKEN",
                "TOKEN_NOT_CONFIGURED",
                "TOKEN_WRONG",
                "TOKEN_INSUFFICIENT",
                "INTERNAL"
            })
    void blamesTheConnectionForAnApiThatCannotOrMayNotAnswer(ProblemType type) {
        assertThat(type.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN_INVARIANT", "EPOCH_FENCED", "OUT_OF_TURN", "NOT_FOUND", "WRITE_REJECTED"})
    void blamesNeitherForWhatNobodyExpects(ProblemType type) {
        assertThat(type.exitCode()).isEqualTo(ExitCode.UNEXPECTED);
    }
}
