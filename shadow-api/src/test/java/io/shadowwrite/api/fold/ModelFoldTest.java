package io.shadowwrite.api.fold;

import static io.shadowwrite.api.write.Batches.change;
import static io.shadowwrite.api.write.Batches.partnerKey;
import static io.shadowwrite.api.write.Batches.remove;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.fold.KeyMapChanges.SourceRow;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the fold refuses although nothing that it is given should ever ask for it. */
class ModelFoldTest {

    private static final TargetModel PARTNER = Objects.requireNonNull(
            new ContractReader().read(TestApi.CONTRACT).models().get("Partner"));

    @Test
    void aRowThatLeavesWithValuesThatNobodyReadBreaksAnInvariant() {
        ShadowWrite departure = remove("Partner", partnerKey(2));
        ShadowWrite arrival =
                new ShadowWrite(0, "Partner", Action.UPSERT, partnerKey(3), Map.of("name", "Bob"), partnerKey(2));
        ChangeWrites moved = change("partner", "{\"id\":3}", Operation.UPDATE, departure, arrival);
        TransactionWrites part = transaction(2_000, 0, moved);
        ModelFold fold = new ModelFold(new ModelColumns(PARTNER), true);
        RowWrite leaves = fold.announce(departure, moved, part);
        RowWrite comes = fold.announce(arrival, moved, part);
        List<String> cid = Arrays.asList(uuid(3), "Cid", "3.00", "{}");
        comes.state().found(new Found(true, false, 0, null, cid));
        fold.recall(anotherCameToKeyTwo(), part);
        Origin origin = new Origin(part, 0, "app.partner", "{\"id\":3}", "{\"id\":2}");

        assertThat(fold.write(leaves, origin)).isFalse();
        assertThatThrownBy(() -> fold.write(comes, origin))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT));
    }

    private static RowMemory anotherCameToKeyTwo() {
        return new RowMemory(
                List.of(uuid(2)),
                true,
                true,
                false,
                false,
                true,
                true,
                null,
                new SourceRow("app.partner", "{\"id\":2}"),
                Collections.singletonList(null));
    }
}
