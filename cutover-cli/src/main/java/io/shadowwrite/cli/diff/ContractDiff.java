package io.shadowwrite.cli.diff;

import io.shadowwrite.cli.diff.Change.Effect;
import io.shadowwrite.cli.diff.Change.Part;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what two contracts mean, and not how they are written. */
public final class ContractDiff {

    private final ContractFile before;
    private final ContractFile after;
    private final List<Change> changes = new ArrayList<>();

    /** Derived identities that rows get otherwise than before, as {@code table|model}; whoever refers to them changes too. */
    private final Set<String> movedIdentities = new TreeSet<>();

    private ContractDiff(ContractFile before, ContractFile after) {
        this.before = before;
        this.after = after;
    }

    /** All changes; none when both mean the same. */
    public static List<Change> of(ContractFile before, ContractFile after) {
        ContractDiff diff = new ContractDiff(before, after);
        diff.name();
        diff.models();
        diff.sources();
        diff.changes.addAll(ReferenceDiff.of(before, after, diff.movedIdentities, diff.changes));
        return List.copyOf(diff.changes);
    }

    private Contract then() {
        return before.contract();
    }

    private Contract now() {
        return after.contract();
    }

    private void name() {
        if (!then().name().equals(now().name())) {
            changes.add(change(Part.NAME, "/name", "the migration has another name", List.of(), List.of()));
        }
    }

    private void models() {
        for (String name : union(then().models().keySet(), now().models().keySet())) {
            JsonPointer pointer = JsonPointer.of("models", name);
            if (!now().models().containsKey(name)) {
                changes.add(
                        gone(Part.MODEL, pointer, "model %s is gone".formatted(name), List.of(name), Effect.LEFTOVERS));
            } else if (!then().models().containsKey(name)) {
                changes.add(fresh(Part.MODEL, pointer, "model %s is new".formatted(name), List.of(name)));
            } else {
                changes.addAll(ModelDiff.of(before, after, name));
            }
        }
    }

    private void sources() {
        for (QualifiedName name :
                union(then().sources().keySet(), now().sources().keySet())) {
            source(name, then().source(name), now().source(name));
        }
    }

    private void source(QualifiedName name, @Nullable SourceTable was, @Nullable SourceTable is) {
        JsonPointer pointer = JsonPointer.of("sources", name.toString());
        if (was instanceof SourceTable.Mapped mapped && is instanceof SourceTable.Mapped anew) {
            SourceDiff diff = SourceDiff.of(before, after, mapped, anew);
            changes.addAll(diff.changes());
            movedIdentities.addAll(diff.movedIdentities());
        } else if (is instanceof SourceTable.Mapped anew) {
            String what = was == null ? "%s is new" : "%s is mapped now";
            changes.add(fresh(Part.SOURCE, pointer, what.formatted(name), models(anew)));
        } else if (was instanceof SourceTable.Mapped mapped) {
            String what = is == null ? "%s is gone" : "%s is no longer mapped";
            changes.add(gone(Part.SOURCE, pointer, what.formatted(name), models(mapped), Effect.LEFTOVERS));
        } else if (was == null) {
            changes.add(change(
                    Part.SOURCE, pointer.text(), "%s is named, and unmapped".formatted(name), List.of(), List.of()));
        } else if (is == null) {
            changes.add(change(
                    Part.SOURCE,
                    pointer.text(),
                    "%s is no longer named; a change of it halts the readers".formatted(name),
                    List.of(),
                    List.of()));
        }
    }

    private static List<String> models(SourceTable.Mapped table) {
        return table.writes().stream()
                .map(write -> write.model().name())
                .distinct()
                .toList();
    }

    private Change change(Part part, String pointer, String what, List<String> models, List<Effect> effects) {
        return new Change(part, pointer, what, before.text(pointer), after.text(pointer), models, effects);
    }

    private Change fresh(Part part, JsonPointer pointer, String what, List<String> models) {
        return change(part, pointer.text(), what, models, List.of(Effect.BACKFILL));
    }

    private Change gone(Part part, JsonPointer pointer, String what, List<String> models, Effect effect) {
        return change(part, pointer.text(), what, models, List.of(effect));
    }

    private static <T extends Comparable<T>> Set<T> union(Set<T> some, Set<T> others) {
        Set<T> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
