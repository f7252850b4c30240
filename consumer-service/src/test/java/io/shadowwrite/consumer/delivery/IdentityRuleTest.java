package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.ReplicaIdentity.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityRuleTest {

    @Test
    void thePrimaryKeyIsEnoughWhenItIsTheKeyOfTheContract() {
        assertThat(IdentityRule.shortfall(mapped(SourceTable.Identity.DEFAULT), actual(Kind.DEFAULT, "id")))
                .isNull();
    }

    @Test
    void theWholeOldRowIsAlwaysEnough() {
        assertThat(IdentityRule.shortfall(mapped(SourceTable.Identity.DEFAULT), actual(Kind.FULL)))
                .isNull();
        assertThat(IdentityRule.shortfall(mapped(SourceTable.Identity.FULL), actual(Kind.FULL)))
                .isNull();
    }

    @Test
    void aContractThatCountsOnTheWholeRowNamesTheStatementThatGivesIt() {
        assertThat(IdentityRule.shortfall(mapped(SourceTable.Identity.FULL), actual(Kind.DEFAULT, "id")))
                .contains("app.partner", "ALTER TABLE \"app\".\"partner\" REPLICA IDENTITY FULL;");
    }

    @Test
    void anIndexThatMissesTheKeyOfTheContractIsNotEnough() {
        assertThat(IdentityRule.shortfall(mapped(SourceTable.Identity.INDEX), actual(Kind.INDEX, "code")))
                .contains("[id]", "[code]");
    }

    private static SourceTable.Mapped mapped(SourceTable.Identity identity) {
        return new SourceTable.Mapped(
                new QualifiedName("app", "partner"), Map.of(), List.of("id"), identity, null, List.of());
    }

    private static ReplicaIdentity actual(Kind kind, String... columns) {
        TableName table = new TableName("app", "partner");
        return new ReplicaIdentity(table, table, 1, kind, List.of(columns), null, null);
    }
}
