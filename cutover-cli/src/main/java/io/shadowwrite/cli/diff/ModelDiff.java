package io.shadowwrite.cli.diff;

import io.shadowwrite.cli.diff.Change.Effect;
import io.shadowwrite.cli.diff.Change.Part;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.TargetModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares a model that both contracts have. */
final class ModelDiff {

    private final ContractFile before;
    private final ContractFile after;
    private final String name;
    private final List<Change> changes = new ArrayList<>();

    private ModelDiff(ContractFile before, ContractFile after, String name) {
        this.before = before;
        this.after = after;
        this.name = name;
    }

    static List<Change> of(ContractFile before, ContractFile after, String name) {
        ModelDiff diff = new ModelDiff(before, after, name);
        diff.compare(before.contract().model(name), after.contract().model(name));
        return diff.changes;
    }

    private void compare(TargetModel was, TargetModel is) {
        if (was.getClass() != is.getClass()) {
            add("kind", "model %s keeps its rows otherwise".formatted(name), Effect.BACKFILL, Effect.LEFTOVERS);
        }
        if (!was.table().equals(is.table())) {
            add("table", "model %s lives in another table".formatted(name), Effect.BACKFILL, Effect.LEFTOVERS);
        }
        if (!Set.copyOf(was.key()).equals(Set.copyOf(is.key()))) {
            add("key", "model %s has another key".formatted(name), Effect.BACKFILL, Effect.LEFTOVERS);
        }
        Set<String> columns = new TreeSet<>(was.columns().keySet());
        columns.addAll(is.columns().keySet());
        for (String column : columns) {
            compare(column, was.columns().get(column), is.columns().get(column));
        }
        if (was instanceof TargetModel.Scd2 old && is instanceof TargetModel.Scd2 young) {
            compare(old, young);
        }
    }

    private void compare(String column, @Nullable ColumnType was, @Nullable ColumnType is) {
        String pointer = JsonPointer.of("models", name, "columns", column).text();
        if (was == null) {
            add(Part.COLUMN, pointer, "model %s writes column %s too".formatted(name, column), Effect.BACKFILL);
        } else if (is == null) {
            add(Part.COLUMN, pointer, "model %s no longer writes column %s".formatted(name, column), Effect.VERIFY);
        } else if (!was.equals(is)) {
            add(
                    Part.COLUMN,
                    pointer,
                    "column %s of model %s has another type".formatted(column, name),
                    Effect.BACKFILL);
        }
    }

    private void compare(TargetModel.Scd2 was, TargetModel.Scd2 is) {
        if (!was.validFrom().equals(is.validFrom())) {
            add("valid_from", "versions of model %s begin in another column".formatted(name), Effect.BACKFILL);
        }
        if (!was.validTo().equals(is.validTo())) {
            add(
                    "valid_to",
                    "versions of model %s end in another column".formatted(name),
                    Effect.BACKFILL,
                    Effect.LEFTOVERS);
        }
        if (!Objects.equals(was.archived(), is.archived())) {
            add(
                    "archived",
                    "model %s marks archived versions otherwise".formatted(name),
                    Effect.BACKFILL,
                    Effect.LEFTOVERS);
        }
        if (was.onDelete() != is.onDelete()) {
            add(
                    "on_delete",
                    "a deleted row leaves something else behind in model %s; what was deleted before stays as it is"
                            .formatted(name),
                    Effect.VERIFY);
        }
    }

    private void add(String member, String what, Effect... effects) {
        add(Part.MODEL, JsonPointer.of("models", name, member).text(), what, effects);
    }

    private void add(Part part, String pointer, String what, Effect... effects) {
        changes.add(new Change(
                part, pointer, what, before.text(pointer), after.text(pointer), List.of(name), List.of(effects)));
    }
}
