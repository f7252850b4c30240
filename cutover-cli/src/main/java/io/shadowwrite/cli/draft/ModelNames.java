package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Calls each model after its table, and after its schema too where another one is called so. */
final class ModelNames {

    /** In bytes, as for every name in a contract. */
    private static final int LONGEST = 63;

    private final Set<String> taken = new HashSet<>();

    String of(TableMatch match) {
        QualifiedName table = match.target().name();
        String name = Stream.concat(
                        Stream.of(table.name(), table.schema() + " " + table.name())
                                .map(text -> Words.of(text).camelCase())
                                .filter(text ->
                                        !text.isBlank() && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST),
                        Stream.iterate(1, number -> number + 1).map("Model%d"::formatted))
                .filter(text -> !taken.contains(text))
                .findFirst()
                .orElseThrow();
        taken.add(name);
        return name;
    }
}
