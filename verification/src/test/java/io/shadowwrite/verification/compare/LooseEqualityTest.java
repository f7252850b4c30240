package io.shadowwrite.verification.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class LooseEqualityTest {

    private final Database target;

    LooseEqualityTest(@Target Database target) {
        this.target = target;
    }

    @ParameterizedTest
    @CsvSource({"'numeric(12,2)', 1.5, 1.50", "double precision, -0, 0", "jsonb, '{\"n\": 1.0}', '{\"n\": 1.00}'"})
    void takesTwoSpellingsForOneValue(String type, String left, String right) throws SQLException {
        assertThat(holds(type, left, right)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'numeric(12,2)', 1.00, 1.004",
        "real, 0.1, 0.10000000149",
        "timestamp(0), 2026-01-01T00:00:00.000000Z, 2026-01-01T00:00:00.400000Z",
        "timestamptz(0), 2026-01-01T00:00:00.000000Z, 2026-01-01T00:00:00.400000Z"
    })
    void roundsNoDifferenceAwayBecauseAContractDeclaresLessPrecision(String type, String left, String right)
            throws SQLException {
        assertThat(holds(type, left, right)).isFalse();
    }

    @Test
    void asksNoServerAboutTextThatTheTypeCannotRead() throws SQLException {
        assertThat(holds("numeric", "1.2.3", "1")).isFalse();
        assertThat(holds("jsonb", "{\"a\": \u00018000 bytes", "{}")).isFalse();
    }

    private boolean holds(String type, String left, String right) throws SQLException {
        try (Connection connection = target.connect()) {
            Spelling other = new Spelling(ColumnType.parse("text"), "a", "b");
            Spelling asked = new Spelling(ColumnType.parse(type), left, right);
            List<Boolean> answers = LooseEquality.hold(connection, List.of(other, asked, other));
            assertThat(answers).hasSize(3).element(0).isEqualTo(false);
            return answers.get(1);
        }
    }
}
