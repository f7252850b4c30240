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
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** A command that a page tells somebody to type at night exists, with those options. */
class DocumentedCommandsTest {

    private static final List<Path> PAGES = List.of(Path.of("../docs/runbook.md"), Path.of("../README.md"));

    private static final Pattern COMMAND = Pattern.compile("\\./shadow ([^`|\\n]*)");

    /** Programs of their own, which the launcher starts. */
    private static final Set<String> PROGRAMS = Set.of("api", "consumer", "slot-reader", "backfill", "verify", "bench");

    @Test
    void commandsOfThePagesAreUnderstood() throws IOException {
        List<String> documented = documented();

        assertThat(documented).hasSizeGreaterThan(15);
        assertThat(documented).allSatisfy(DocumentedCommandsTest::isUnderstood);
    }

    private static List<String> documented() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path page : PAGES) {
            Matcher matcher = COMMAND.matcher(Files.readString(page));
            while (matcher.find()) {
                String words = matcher.group(1).replaceAll("( {2,}#| > ).*", "").strip();
                if (!PROGRAMS.contains(words.substring(0, (words + " ").indexOf(" "))) && !words.startsWith("<")) {
                    commands.add(words);
                }
            }
        }
        return commands;
    }

    /** A page may name a command without all that it needs; what it does say must be right. */
    private static void isUnderstood(String words) {
        CommandLine command = ShadowCommand.commandLine();
        String[] typed = words.replaceAll("\\b(LETTER|N)\\b", "1")
                .replaceAll(" ?\\$(db|new|both)\\b", "")
                .split(" +", -1);
        try {
            assertThat(command.parseArgs(typed).subcommand()).as(words).isNotNull();
        } catch (MissingParameterException named) {
            assertThat(named.getCommandLine().getCommandName()).as(words).isNotEqualTo("shadow");
        } catch (ParameterException wrong) {
            throw new AssertionError("'./shadow %s': %s".formatted(words, wrong.getMessage()), wrong);
        }
    }
}
