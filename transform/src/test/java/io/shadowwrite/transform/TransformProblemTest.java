package io.shadowwrite.transform;

import static io.shadowwrite.transform.Fixture.apply;
import static io.shadowwrite.transform.Fixture.delete;
import static io.shadowwrite.transform.Fixture.insert;
import static io.shadowwrite.transform.Fixture.row;
import static io.shadowwrite.transform.Fixture.table;
import static io.shadowwrite.transform.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import org.junit.jupiter.api.Test;

class TransformProblemTest {

    private static final String VALUE = "secret-value";

    private final Transformer transformer = new Transformer(Fixture.contract("""
            {"version": 1, "name": "t",
             "models": {
               "M": {"kind": "crud", "table": "t.m", "key": ["id"],
                 "columns": {"id": "bigint", "state": "text", "amount": "numeric(9,2)"}},
               "R": {"kind": "junction", "table": "t.r", "key": ["a", "b"], "columns": {"a": "uuid", "b": "uuid"}},
               "D": {"kind": "crud", "table": "t.d", "key": ["id"], "columns": {"id": "uuid", "body": "text"}}},
             "sources": {
               "s.m": {"columns": {"id": "bigint", "kind": "text", "state": "text", "amount": "text"},
                 "key": ["id"], "identity": "default", "filter": {"column": "kind", "op": "<>", "value": "x"},
                 "writes": [{"model": "M", "key": {"id": {"column": "id"}},
                   "set": {"state": {"map": {"of": {"column": "state"}, "entries": {"A": "active"}}},
                     "amount": {"column": "amount", "cast": "numeric(9,2)"}}}]},
               "s.d": {"columns": {"id": "bigint", "body": "text"}, "key": ["id"], "identity": "default",
                 "filter": {"column": "body", "op": "is not null"},
                 "writes": [{"model": "D", "key": {"id": {"derived": true}}, "set": {"body": {"column": "body"}}}]},
               "s.r": {"columns": {"id": "bigint", "a": "bigint", "b": "bigint"}, "key": ["id"], "identity": "full",
                 "writes": [{"model": "R", "key": {
                   "a": {"reference": {"table": "s.d", "model": "D", "columns": {"id": "a"}}},
                   "b": {"reference": {"table": "s.d", "model": "D", "columns": {"id": "b"}}}}, "set": {}}]}}}
            """));

    @Test
    void unknownTableIsDrift() {
        TransformProblem problem = problem(insert("s.unknown", row("id", VALUE)));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.SCHEMA_DRIFT);
        assertThat(problem.halting()).isTrue();
        assertThat(problem.parkable()).isFalse();
        assertThat(problem.table()).isEqualTo(table("s.unknown"));
        assertThat(problem.changeIndex()).isEqualTo(3);
        assertThat(problem).hasMessageContaining("s.unknown").hasMessageContaining("unmapped");
    }

    @Test
    void truncationHalts() {
        TransformProblem problem = problem(new RowChange.Truncate(0, table("s.m"), table("s.m")));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.TRUNCATE);
        assertThat(problem.halting()).isTrue();
    }

    @Test
    void unknownColumnIsDrift() {
        Row row = row("id", "1", "kind", "k", "state", "A", "amount", "1", "added", VALUE);

        assertThat(problem(insert("s.m", row)).code()).isEqualTo(TransformProblem.Code.SCHEMA_DRIFT);
        assertThat(problem(insert("s.m", row))).hasMessageContaining("added");
    }

    @Test
    void columnMissingFromAnInsertIsDrift() {
        TransformProblem problem = problem(insert("s.m", row("id", "1", "kind", "k", "state", "A")));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.SCHEMA_DRIFT);
        assertThat(problem).hasMessageContaining("amount");
    }

    @Test
    void columnOfFixedWidthMissingFromAnUpdateIsDrift() {
        TransformProblem problem = problem(update("s.r", row("id", "1", "a", "1"), row("id", "1", "a", "1")));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.SCHEMA_DRIFT);
        assertThat(problem).hasMessageContaining("column b");
    }

    @Test
    void changeWithoutItsOldKeyHalts() {
        Row after = row("id", "1", "kind", "k", "state", "A", "amount", "1");

        assertThat(problem(update("s.m", after, Row.EMPTY)).code()).isEqualTo(TransformProblem.Code.IDENTITY_MISSING);
        assertThat(problem(delete("s.m", Row.EMPTY)).code()).isEqualTo(TransformProblem.Code.IDENTITY_MISSING);
        assertThat(problem(delete("s.m", Row.EMPTY)).halting()).isTrue();
    }

    @Test
    void valueOutsideAStrictMapIsParkable() {
        TransformProblem problem = problem(insert("s.m", row("id", "1", "kind", "k", "state", VALUE, "amount", "1")));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.UNMAPPED_VALUE);
        assertThat(problem.parkable()).isTrue();
        assertThat(problem).hasMessageContaining("column state of model M");
    }

    @Test
    void valueThatTheTargetTypeCannotHoldIsParkable() {
        TransformProblem problem = problem(insert("s.m", row("id", "1", "kind", "k", "state", "A", "amount", VALUE)));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.UNREPRESENTABLE_VALUE);
        assertThat(problem.parkable()).isTrue();
    }

    @Test
    void conditionOverAnUnchangedColumnIsParkable() {
        TransformProblem problem = problem(update("s.m", row("id", "1", "state", "A", "amount", "1"), row("id", "1")));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.FILTER_COLUMN_UNCHANGED);
        assertThat(problem.parkable()).isTrue();
        assertThat(problem).hasMessageContaining("[kind]").hasMessageContaining("REPLICA IDENTITY FULL");
    }

    @Test
    void columnStoredOutOfLineIsKnownNotToBeNull() {
        assertThatCode(() -> apply(transformer, update("s.d", row("id", "1"), row("id", "1"))))
                .doesNotThrowAnyException();
    }

    @Test
    void targetKeyThatWouldBeNullIsParkable() {
        TransformProblem problem = problem(insert("s.r", row("id", "1", "a", "1", "b", null)));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.KEY_IS_NULL);
        assertThat(problem.parkable()).isTrue();
        assertThat(problem).hasMessageContaining("column b of model R");
    }

    @Test
    void rowThatNeverHadAKeyNeedsNoRemoval() {
        assertThat(apply(transformer, delete("s.r", row("id", "1", "a", "1", "b", null)))
                        .writes())
                .isEmpty();
    }

    private TransformProblem problem(RowChange change) {
        TransformProblem problem = catchThrowableOfType(TransformProblem.class, () -> apply(transformer, change));
        assertThat(problem).isNotNull();
        assertThat(problem.getMessage()).doesNotContain(VALUE).contains(problem.fix());
        return problem;
    }
}
