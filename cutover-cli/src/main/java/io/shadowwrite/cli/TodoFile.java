package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.MappedDraft;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** What a draft leaves to people, in a file beside it, because a contract has no place for it. */
final class TodoFile {

    private TodoFile() {}

    /** {@code contract.todo.md} for {@code contract.json}. */
    static Path beside(Path contract) {
        return contract.resolveSibling(contract.getFileName().toString().replaceFirst("\\.json$", "") + ".todo.md");
    }

    /** A list to tick off, and after it how the rest was decided. */
    static String text(Path contract, MappedDraft draft) {
        return """
                # Left to decide in %s

                %s

                # Decided by rule

                ```
                %s
                ```
                """.formatted(
                        contract.getFileName(),
                        draft.todos().stream()
                                .map(todo -> "- [ ] `%s` %s"
                                        .formatted(todo.pointer().isEmpty() ? "/" : todo.pointer(), todo.decide()))
                                .collect(Collectors.joining("\n")),
                        String.join("\n", draft.decisions()));
    }
}
