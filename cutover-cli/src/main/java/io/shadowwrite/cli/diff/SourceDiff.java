package io.shadowwrite.cli.diff;

import io.shadowwrite.cli.diff.Change.Effect;
import io.shadowwrite.cli.diff.Change.Part;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a source table that both contracts map. */
final class SourceDiff {

    /** Kinds of which every type writes a value the same way. */
    private static final Set<Kind> SPELLED_ALIKE = EnumSet.of(Kind.INTEGER, Kind.TEXT, Kind.BLANK_PADDED);

    private final ContractFile before;
    private final ContractFile after;
    private final SourceTable.Mapped was;
    private final SourceTable.Mapped is;
    private final List<Change> changes = new ArrayList<>();
    private final Set<String> movedIdentities = new TreeSet<>();

    private SourceDiff(ContractFile before, ContractFile after, SourceTable.Mapped was, SourceTable.Mapped is) {
        this.before = before;
        this.after = after;
        this.was = was;
        this.is = is;
    }

    static SourceDiff of(ContractFile before, ContractFile after, SourceTable.Mapped was, SourceTable.Mapped is) {
        SourceDiff diff = new SourceDiff(before, after, was, is);
        diff.table();
        diff.writes();
        return diff;
    }

    List<Change> changes() {
        return changes;
    }

    /** Derived identities that rows of this table get otherwise than before, as {@code table|model}. */
    Set<String> movedIdentities() {
        return movedIdentities;
    }

    private void table() {
        Set<String> columns = new TreeSet<>(was.columns().keySet());
        columns.addAll(is.columns().keySet());
        for (String column : columns) {
            column(column, was.columns().get(column), is.columns().get(column));
        }
        if (!Set.copyOf(was.key()).equals(Set.copyOf(is.key()))) {
            add(Part.KEY, at("key"), "%s has another key".formatted(is.name()), Effect.BACKFILL, Effect.LEFTOVERS);
            is.writes().forEach(write -> movedIdentities.add(identity(write)));
        }
        if (was.identity() != is.identity()) {
            add(Part.IDENTITY, at("identity"), "%s has to carry other old rows in its WAL".formatted(is.name()));
        }
        if (!Meaning.same(was.filter(), is.filter())) {
            add(
                    Part.FILTER,
                    at("filter"),
                    "other rows of %s are in scope".formatted(is.name()),
                    Effect.BACKFILL,
                    Effect.LEFTOVERS);
        }
    }

    private void column(String column, @Nullable ColumnType then, @Nullable ColumnType now) {
        if (then == null) {
            add(Part.COLUMN, at("columns", column), "%s has a column %s more".formatted(is.name(), column));
        } else if (now == null) {
            add(Part.COLUMN, at("columns", column), "%s has no column %s any more".formatted(is.name(), column));
        } else if (!then.equals(now)) {
            boolean inKey = is.key().contains(column) && !spelledAlike(then, now);
            add(
                    Part.COLUMN,
                    at("columns", column),
                    "column %s of %s has another type".formatted(column, is.name()),
                    inKey ? Effect.BACKFILL : Effect.VERIFY);
            if (inKey) {
                is.writes().forEach(write -> movedIdentities.add(identity(write)));
            }
        }
    }

    /** Whether a value that both types hold has one text, of which a derived identity is made. */
    private static boolean spelledAlike(ColumnType then, ColumnType now) {
        return then.kind() == now.kind() && SPELLED_ALIKE.contains(then.kind());
    }

    /** Writes of one model belong together in the order of the file. */
    private void writes() {
        Map<String, List<Write>> then = byModel(was);
        Map<String, List<Write>> now = byModel(is);
        Set<String> models = new TreeSet<>(then.keySet());
        models.addAll(now.keySet());
        for (String model : models) {
            List<Write> old = then.getOrDefault(model, List.of());
            List<Write> young = now.getOrDefault(model, List.of());
            for (int i = 0; i < Math.max(old.size(), young.size()); i++) {
                write(model, i < old.size() ? old.get(i) : null, i < young.size() ? young.get(i) : null);
            }
        }
        if (changes.stream().noneMatch(change -> change.part() == Part.WRITE)
                && !order(was).equals(order(is))) {
            add(
                    Part.WRITE,
                    at("writes"),
                    "the writes of %s have other numbers, by which what was applied is known again: resolve every dead letter first"
                            .formatted(is.name()));
        }
    }

    private static Map<String, List<Write>> byModel(SourceTable.Mapped table) {
        return table.writes().stream()
                .collect(Collectors.groupingBy(write -> write.model().name()));
    }

    private static List<String> order(SourceTable.Mapped table) {
        return table.writes().stream().map(write -> write.model().name()).toList();
    }

    private void write(String model, @Nullable Write then, @Nullable Write now) {
        if (then == null && now != null) {
            String pointer = at("writes", Integer.toString(now.index()));
            changes.add(new Change(
                    Part.WRITE,
                    pointer,
                    "%s feeds model %s too".formatted(is.name(), model),
                    null,
                    after.text(pointer),
                    List.of(model),
                    List.of(Effect.BACKFILL)));
        } else if (now == null && then != null) {
            String pointer = at("writes", Integer.toString(then.index()));
            changes.add(new Change(
                    Part.WRITE,
                    pointer,
                    "%s no longer feeds model %s".formatted(is.name(), model),
                    before.text(pointer),
                    null,
                    List.of(model),
                    List.of(Effect.LEFTOVERS)));
        } else if (then != null && now != null) {
            compare(then, now);
        }
    }

    private void compare(Write then, Write now) {
        if (!Objects.equals(words(before, then, "when"), words(after, now, "when"))
                && !Meaning.same(then.condition(), now.condition())) {
            changed(
                    Part.FILTER,
                    then,
                    now,
                    "other rows of %s feed model %s"
                            .formatted(is.name(), now.model().name()),
                    List.of(Effect.BACKFILL, Effect.LEFTOVERS),
                    "when");
        }
        expressions(
                then.key(),
                now.key(),
                column -> changed(
                        Part.KEY,
                        then,
                        now,
                        "key column %s of model %s comes otherwise"
                                .formatted(column, now.model().name()),
                        List.of(Effect.BACKFILL, Effect.LEFTOVERS),
                        "key",
                        column));
        expressions(
                then.values(),
                now.values(),
                column -> changed(
                        Part.EXPRESSION,
                        then,
                        now,
                        "column %s of model %s comes otherwise"
                                .formatted(column, now.model().name()),
                        List.of(Effect.BACKFILL),
                        "set",
                        column));
    }

    private static void expressions(
            Map<String, Expression> then, Map<String, Expression> now, Consumer<String> differs) {
        Set<String> columns = new TreeSet<>(then.keySet());
        columns.addAll(now.keySet());
        columns.stream()
                .filter(column -> !Meaning.same(then.get(column), now.get(column)))
                .forEach(differs);
    }

    private void changed(Part part, Write then, Write now, String what, List<Effect> effects, String... members) {
        changes.add(new Change(
                part,
                place(now, members),
                what,
                words(before, then, members),
                words(after, now, members),
                List.of(now.model().name()),
                effects));
    }

    private @Nullable String words(ContractFile file, Write write, String... members) {
        return file.text(place(write, members));
    }

    private String place(Write write, String... members) {
        return new JsonPointer(at("writes", Integer.toString(write.index())))
                .then(members)
                .text();
    }

    private String identity(Write write) {
        return "%s|%s".formatted(is.name(), write.model().name());
    }

    private void add(Part part, String pointer, String what, Effect... effects) {
        List<String> models =
                effects.length == 0 ? List.of() : order(is).stream().distinct().toList();
        changes.add(
                new Change(part, pointer, what, before.text(pointer), after.text(pointer), models, List.of(effects)));
    }

    private String at(String... members) {
        return JsonPointer.of("sources", is.name().toString()).then(members).text();
    }
}
