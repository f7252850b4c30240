package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold of the versions of every row, whatever happened. */
public final class History {

    private static final Contract CONTRACT = new ContractReader().read(House.contractFile());

    private History() {}

    /** The models with versions. */
    public static List<TargetModel.Scd2> models() {
        return CONTRACT.models().values().stream()
                .filter(TargetModel.Scd2.class::isInstance)
                .map(TargetModel.Scd2.class::cast)
                .toList();
    }

    /** Demands that no version is empty, none overlaps the next, and only the last one of a key is current. */
    public static void isSound(Database target) {
        for (TargetModel.Scd2 model : models()) {
            String key = model.key().stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
            assertThat(target.queryForLong("""
                            SELECT count(*)
                              FROM (SELECT %3$s AS begins,
                                           %4$s AS ends,
                                           lead(%3$s) OVER (PARTITION BY %2$s ORDER BY %3$s) AS next_begins
                                      FROM %1$s) AS version
                             WHERE ends <= begins
                                OR ends > next_begins
                                OR ends IS NULL AND next_begins IS NOT NULL
                            """.formatted(
                                    model.table().quoted(),
                                    key,
                                    QualifiedName.quote(model.validFrom()),
                                    QualifiedName.quote(model.validTo()))))
                    .as("broken intervals of %s", model.name())
                    .isZero();
        }
    }
}
