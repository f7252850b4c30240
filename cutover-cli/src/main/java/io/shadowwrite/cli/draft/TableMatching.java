package io.shadowwrite.cli.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which tables of both sides belong together.
 *
 * @param matches at most one for each table of the target
 * @param unmatched tables of the source that go nowhere
 * @param unfed tables of the target that nothing comes to
 */
record TableMatching(List<TableMatch> matches, List<CatalogTable> unmatched, List<TargetTable> unfed) {

    TableMatching {
        matches = List.copyOf(matches);
        unmatched = List.copyOf(unmatched);
        unfed = List.copyOf(unfed);
    }

    /**
     * Matches by name, rule after rule; a rule that leaves a choice decides nothing.
     *
     * @param wanted what people have decided; the rules leave these tables alone
     */
    static TableMatching of(List<CatalogTable> sources, List<TargetTable> targets, List<TableMatch> wanted) {
        List<TableMatch> matches = new ArrayList<>(wanted);
        List<CatalogTable> unmatched = new ArrayList<>(sources);
        List<TargetTable> unfed = new ArrayList<>(targets);
        wanted.forEach(match -> {
            unmatched.remove(match.source());
            unfed.removeIf(target -> target.name().equals(match.target().name()));
        });
        for (NameRule rule : NameRule.values()) {
            List<TableMatch> found = pairs(unmatched, unfed, rule);
            found.forEach(match -> {
                unmatched.remove(match.source());
                unfed.removeIf(target -> target.name().equals(match.target().name()));
            });
            matches.addAll(found);
        }
        return new TableMatching(matches, unmatched, unfed);
    }

    private static List<TableMatch> pairs(List<CatalogTable> sources, List<TargetTable> targets, NameRule rule) {
        Map<String, List<TargetTable>> named = by(targets, table -> rule.form(table.name()));
        Map<String, List<CatalogTable>> alike = by(sources, table -> rule.form(table.name()));
        return sources.stream()
                .filter(source ->
                        alike.getOrDefault(rule.form(source.name()), List.of()).size() == 1)
                .flatMap(source -> named.getOrDefault(rule.form(source.name()), List.of()).stream()
                        .map(target -> new TableMatch(source, target, rule.text())))
                .filter(match -> named.getOrDefault(rule.form(match.source().name()), List.of())
                                .size()
                        == 1)
                .toList();
    }

    private static <T> Map<String, List<T>> by(List<T> tables, Function<T, String> form) {
        return tables.stream().collect(Collectors.groupingBy(form));
    }
}
