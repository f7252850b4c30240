package io.shadowwrite.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of the target that the suite writes, and how it keeps history. */
public sealed interface TargetModel {

    /** The name by which writes, provenance and findings refer to this model. */
    String name();

    QualifiedName table();

    /** Key columns of one entity, in contract order; for SCD2 without the validity columns. */
    List<String> key();

    /** Every written column with its type, key columns included, validity and archived columns not; contract order. */
    Map<String, ColumnType> columns();

    /**
     * One row per version of an entity; the current one has no {@code validTo}.
     *
     * @param archived boolean column that marks an archived version, when the table has one
     * @param onDelete what a deleted source row leaves behind
     */
    record Scd2(
            String name,
            QualifiedName table,
            List<String> key,
            Map<String, ColumnType> columns,
            String validFrom,
            String validTo,
            @Nullable String archived,
            OnDelete onDelete)
            implements TargetModel {

        public Scd2 {
            key = List.copyOf(key);
            columns = Ordered.copyOf(columns);
            if (onDelete == OnDelete.ARCHIVE && archived == null) {
                throw new IllegalArgumentException("model %s archives but names no archived column".formatted(name));
            }
        }
    }

    /** One row per entity, overwritten in place. */
    record Crud(String name, QualifiedName table, List<String> key, Map<String, ColumnType> columns)
            implements TargetModel {

        public Crud {
            key = List.copyOf(key);
            columns = Ordered.copyOf(columns);
        }
    }

    /** One row per pair (or tuple) of references; the key is made of translated references. */
    record Junction(String name, QualifiedName table, List<String> key, Map<String, ColumnType> columns)
            implements TargetModel {

        public Junction {
            key = List.copyOf(key);
            columns = Ordered.copyOf(columns);
        }
    }

    /** What an SCD2 model does when its source row is deleted. */
    enum OnDelete {
        /** The current version ends; none remains. */
        CLOSE,
        /** The current version ends and an archived copy begins. */
        ARCHIVE
    }
}
