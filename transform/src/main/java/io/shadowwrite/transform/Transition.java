package io.shadowwrite.transform;

import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;

/** What a change did to a row, with both states as far as they are known. */
sealed interface Transition {

    /** The state whose key the change goes by: the row after it, or before it when nothing is left. */
    SourceRow subject();

    record Created(SourceRow after) implements Transition {
        @Override
        public SourceRow subject() {
            return after;
        }
    }

    record Changed(SourceRow before, SourceRow after) implements Transition {
        @Override
        public SourceRow subject() {
            return after;
        }
    }

    record Gone(SourceRow before) implements Transition {
        @Override
        public SourceRow subject() {
            return before;
        }
    }

    /**
     * Reads a change by the contract's columns.
     *
     * @throws TransformProblem when the change does not fit them, or is a truncation
     */
    static Transition of(RowLayout layout, RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> new Created(inserted(layout, insert));
            case RowChange.Update update -> {
                SourceRow before = identified(layout, update.changeIndex(), update.identity());
                yield new Changed(before, updated(layout, update));
            }
            case RowChange.Delete delete -> new Gone(identified(layout, delete.changeIndex(), delete.identity()));
            case RowChange.Truncate truncate ->
                throw new TransformProblem(
                        TransformProblem.Code.TRUNCATE,
                        layout.table(),
                        truncate.changeIndex(),
                        "the table was truncated, which names no rows");
        };
    }

    private static SourceRow inserted(RowLayout layout, RowChange.Insert insert) {
        SourceRow row = SourceRow.of(layout, insert.changeIndex(), insert.after());
        for (int ordinal = 0; ordinal < layout.size(); ordinal++) {
            require(row, layout, ordinal);
        }
        return row;
    }

    private static SourceRow updated(RowLayout layout, RowChange.Update update) {
        SourceRow row = SourceRow.updated(layout, update);
        for (int ordinal : layout.alwaysSent()) {
            require(row, layout, ordinal);
        }
        return row;
    }

    private static void require(SourceRow row, RowLayout layout, int ordinal) {
        if (!row.has(ordinal)) {
            throw row.problem(
                    TransformProblem.Code.SCHEMA_DRIFT,
                    "the source no longer sends column %s".formatted(layout.name(ordinal)));
        }
    }

    private static SourceRow identified(RowLayout layout, int changeIndex, Row identity) {
        SourceRow row = SourceRow.of(layout, changeIndex, identity);
        if (!row.hasAll(layout.keyOrdinals())) {
            throw row.problem(
                    TransformProblem.Code.IDENTITY_MISSING,
                    "the change does not carry the old key %s"
                            .formatted(layout.keyTypes().keySet()));
        }
        return row;
    }
}
