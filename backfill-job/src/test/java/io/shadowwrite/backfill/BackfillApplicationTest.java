package io.shadowwrite.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ProblemType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the process ends with when shadow-api says no. */
class BackfillApplicationTest {

    @ParameterizedTest
    @EnumSource(
            names = {
                "CONTRACT_MISMATCH",
                "WINDOW_ALREADY_OPEN",
                "WINDOW_MISMATCH",
                "OPTIONS_DRIFT",
                "SOURCE_CHANGED",
                "MALFORMED_REQUEST"
            })
    void blamesTheSettingsForWhatOnlyOtherSettingsMend(ProblemType type) {
        assertThat(BackfillApplication.exitCode(type)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"TARGET_UNAVAILABLE", "TOKEN_NOT_CONFIGURED", "TOKEN_WRONG", "TOKEN_INSUFFICIENT", "INTERNAL"})
    void blamesTheConnectionForAnApiThatCannotOrMayNotAnswer(ProblemType type) {
        assertThat(BackfillApplication.exitCode(type)).isEqualTo(4);
    }
}
