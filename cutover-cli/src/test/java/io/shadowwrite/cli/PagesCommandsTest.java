package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every command that a page tells people to type exists, with every option that is named beside it. */
class PagesCommandsTest {

    /** Between backquotes, or a line of a block, up to what it is told to do with its output. */
    private static final Pattern COMMAND =
            Pattern.compile("`\\./shadow ([a-z][^`]*)`|^\\./shadow ([a-z][^\\n#>]*)", Pattern.MULTILINE);

    /** What the launcher starts instead of this program. */
    private static final Set<String> PROGRAMS =
            Set.of("api", "consumer", "slot-reader", "backfill", "bench", "verify run", "verify");

    @ParameterizedTest
    @ValueSource(strings = {"docs/runbook.md", "README.md", "CHANGELOG.md"})
    void namesCommandsThatExist(String page) throws IOException {
        List<String> wrong = new ArrayList<>();
        int commands = 0;
        Matcher found = COMMAND.matcher(Files.readString(Path.of("..").resolve(page)));
        while (found.find()) {
            commands++;
            String typed = found.group(1) == null ? found.group(2) : found.group(1);
            String problem = problem(typed.strip().replaceAll("\\s+", " "));
            if (problem != null) {
                wrong.add(found.group() + ": " + problem);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(commands).isPositive();
    }

    /** Null when everything is there. */
    private static @Nullable String problem(String typed) {
        List<String> words = List.of(typed.split(" "));
        CommandLine command = ShadowCommand.commandLine();
        StringBuilder path = new StringBuilder();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                break;
            }
            command = below;
            path.append(path.isEmpty() ? "" : " ").append(word);
        }
        if (PROGRAMS.contains(path.isEmpty() ? words.getFirst() : path.toString())) {
            return null;
        }
        if (path.isEmpty()) {
            return "there is no such command";
        }
        for (String word : words) {
            String option = word.split("=", 2)[0];
            if (option.startsWith("--") && command.getCommandSpec().findOption(option) == null) {
                return path + " has no option " + option;
            }
        }
        return null;
    }
}
