package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds for the columns of one table of the target what they are made of: first foreign keys, then names. */
final class Assignment {

    private final TableMatch match;
    private final List<Column> open;
    private final List<Link> links;
    private final Conversion conversion;
    private final Map<String, Assigned> assigned = new LinkedHashMap<>();
    private final Map<String, NoExpression> undecided = new LinkedHashMap<>();

    /**
     * What was found.
     *
     * @param assigned by column of the target
     * @param undecided what has a counterpart and gets nothing
     */
    record Found(Map<String, Assigned> assigned, Map<String, NoExpression> undecided) {}

    /** Why the types of two columns that belong together do not decide. */
    record NoExpression(String own, String why) {}

    private Assignment(TableMatch match, List<Column> columns, List<Link> links, Conversion conversion) {
        this.match = match;
        this.open = new ArrayList<>(columns);
        this.links = new ArrayList<>(links);
        this.conversion = conversion;
    }

    /**
     * Assigns what can be told.
     *
     * @param columns of the target that want a value
     * @param links from the source table to those whose place in the target is known
     */
    static Found of(TableMatch match, List<Column> columns, List<Link> links, Conversion conversion) {
        Assignment assignment = new Assignment(match, columns, links, conversion);
        assignment.byForeignKeysOfTheTarget();
        assignment.byKeysOfParents();
        assignment.byName();
        return new Found(assignment.assigned, assignment.undecided);
    }

    /** A foreign key on each side between the same tables; names decide where there are several. */
    private void byForeignKeysOfTheTarget() {
        List<ForeignKey> left = new ArrayList<>(match.target().foreignKeys());
        for (boolean named : new boolean[] {true, false}) {
            for (ForeignKey key : List.copyOf(left)) {
                List<Link> fitting = fitting(key).stream()
                        .filter(link -> !named || alike(key.columns(), link.columns()))
                        .toList();
                boolean only = left.stream()
                                .filter(other -> other.table().equals(key.table()))
                                .count()
                        == 1;
                if (fitting.size() == 1 && (named || only)) {
                    take(fitting.getFirst(), key.columns(), key.keyColumns(), "foreign key " + key.name());
                    left.remove(key);
                }
            }
        }
    }

    private List<Link> fitting(ForeignKey key) {
        return links.stream()
                .filter(link -> link.parent().match().target().name().equals(key.table())
                        && link.parts().keySet().containsAll(key.keyColumns()))
                .toList();
    }

    private static boolean alike(List<String> left, List<String> right) {
        return left.stream()
                .map(name -> Words.of(name).folded())
                .toList()
                .equals(right.stream().map(name -> Words.of(name).folded()).toList());
    }

    private void take(Link link, List<String> columns, List<String> keyColumns, String rule) {
        links.remove(link);
        for (int i = 0; i < columns.size(); i++) {
            Optional<Column> column = openColumn(columns.get(i));
            Link.Part part = link.parts().get(keyColumns.get(i));
            if (column.isPresent() && part != null) {
                assign(column.get(), part, link, rule);
            }
        }
    }

    private void assign(Column column, Link.Part part, Link link, String rule) {
        switch (part) {
            case Link.Reference reference -> {
                put(column, new Assigned(reference.expression(), link.columns(), rule, null));
            }
            case Link.Copy copy -> convert(column, copy.column(), copy.column().equals(column.name()) ? "" : rule);
        }
    }

    /** Histories have no foreign keys to them; a column that is called like a parent's derived key refers to it. */
    private void byKeysOfParents() {
        for (boolean exact : new boolean[] {true, false}) {
            for (Column column : List.copyOf(open)) {
                List<Link> fitting = links.stream()
                        .filter(link -> refersTo(column, link, exact))
                        .toList();
                List<Link> own = fitting.stream().filter(Link::own).toList();
                List<Link> found = exact && own.size() == 1 ? own : fitting;
                if (found.size() == 1 && only(found.getFirst(), column, exact)) {
                    Link link = found.getFirst();
                    String parent = link.parent().match().source().name().toString();
                    take(link, List.of(column.name()), link.parent().columns(), "foreign key to " + parent);
                }
            }
        }
    }

    private boolean only(Link link, Column column, boolean exact) {
        return open.stream().filter(other -> refersTo(other, link, exact)).allMatch(column::equals);
    }

    /** By the parent's key or by the child's column, to the letter or with something before it. */
    private static boolean refersTo(Column column, Link link, boolean exact) {
        if (!link.isDerived() || link.parts().size() != 1) {
            return false;
        }
        String key = link.parent().columns().getFirst();
        boolean sameType = link.parent()
                .match()
                .target()
                .column(key)
                .filter(other -> other.type().equals(column.type()))
                .isPresent();
        String name = Words.of(column.name()).folded();
        String ending = Words.of(key).folded();
        boolean parentsName = ending.length() > 2 && (exact ? name.equals(ending) : name.endsWith(ending));
        boolean childsName = exact
                && link.columns().size() == 1
                && name.equals(Words.of(link.columns().getFirst()).folded());
        return sameType && (parentsName || childsName);
    }

    private void byName() {
        ColumnPairs pairs = ColumnPairs.of(match, open);
        for (Column column : List.copyOf(open)) {
            CatalogTable.Column own = pairs.counterpart(column);
            if (own != null) {
                convert(column, own.name(), pairs.rule(column));
            }
        }
    }

    private void convert(Column column, String own, String rule) {
        CatalogTable.Column from = match.source().column(own).orElseThrow();
        switch (conversion.of(own, from.type(), column.type())) {
            case Conversion.Made made ->
                put(column, new Assigned(made.expression(), List.of(own), rule.isEmpty() ? null : rule, made.doubt()));
            case Conversion.Undecided nothing -> undecided.put(column.name(), new NoExpression(own, nothing.why()));
        }
    }

    private void put(Column column, Assigned value) {
        open.remove(column);
        undecided.remove(column.name());
        boolean mayBeNull = value.uses().stream()
                .anyMatch(own -> !match.source().column(own).orElseThrow().notNull());
        assigned.put(
                column.name(),
                column.notNull() && mayBeNull
                        ? value.doubting(
                                "the source allows NULL and the target does not; without a coalesce such rows are refused")
                        : value);
    }

    private Optional<Column> openColumn(String name) {
        return open.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
