package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditIdTest {

    @Test
    void isOfVersionSevenAndFoundInTheHolderAgain() {
        UUID id = AuditId.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(AuditId.of(AuditId.holder(id, "read-only", "ada lovelace"))).contains(id);
        assertThat(AuditId.of(AuditId.holder(id, "operator", "a".repeat(500)))).contains(id);
        assertThat(AuditId.holder(id, "operator", "a".repeat(500))).hasSize(200);
    }

    @Test
    void isInNobodyElsesName() {
        assertThat(AuditId.of("pause by ada: a reason")).isEmpty();
        assertThat(AuditId.of("cutover by hand")).isEmpty();
    }
}
