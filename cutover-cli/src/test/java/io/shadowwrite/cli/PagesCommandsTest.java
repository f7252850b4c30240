package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;

/**
 * Every command that a page tells people to type is one of the launcher, and what this program answers it also parses: names,
 * options and values. Only options that a page leaves out because they were named before may be missing.
 */
class PagesCommandsTest {

    private static final Path HOME = Path.of("..");

    /** Between backquotes, or a line of a block, up to what it is told to do with its output. */
    private static final Pattern COMMAND =
            Pattern.compile("`\\./shadow ([a-z][^`]*)`|^ *\\./shadow ([a-z][^\\n#>]*)", Pattern.MULTILINE);

    private static final Pattern VARIABLE = Pattern.compile("^ *([a-z]+)=\"([^\"]*)\"", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|[^\\s\"])+");

    /** What the launcher starts instead of this program, with the options that are no settings. */
    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "api", List.of(),
            "consumer", List.of(),
            "slot-reader", List.of(),
            "backfill", List.of("--yes"),
            "verify",
                    List.of(
                            "--mode",
                            "--snapshot",
                            "--snapshot-lsn",
                            "--final-lsn",
                            "--simulated-clock",
                            "--simulated-hours",
                            "--fail-on"));

    /** Programs of their own that measure, which no operator needs. */
    private static final List<String> MEASURING = List.of("bench", "soak");

    /** Values that stand for others, where any text would not do. */
    private static final Map<String, String> EXAMPLES =
            Map.of("LETTER", "7", "N", "3", "LSN", "0/16B3748", "RUN", "0197", "RUN/NUMBER", "0197/1");

    @ParameterizedTest
    @ValueSource(strings = {"docs/runbook.md", "README.md", "CHANGELOG.md"})
    void namesCommandsThatExist(String page) throws IOException {
        String text = Files.readString(HOME.resolve(page));
        List<String> wrong = new ArrayList<>();
        List<MatchResult> commands = COMMAND.matcher(text).results().toList();
        for (MatchResult command : commands) {
            String typed = command.group(1) == null ? command.group(2) : command.group(1);
            alternatives(expanded(typed, variables(text, command.start())))
                    .forEach(each -> problems(each).forEach(problem -> wrong.add(typed + ": " + problem)));
        }

        assertThat(wrong).isEmpty();
        assertThat(commands).isNotEmpty();
    }

    @Test
    void readsEveryCommandOfTheRunbook() throws IOException {
        String runbook = Files.readString(HOME.resolve("docs/runbook.md"));

        assertThat(COMMAND.matcher(runbook).results())
                .hasSameSizeAs(Pattern.compile("\\./shadow\\b")
                        .matcher(runbook)
                        .results()
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "decommission walk --reason=R | walk",
                "dlq show | ",
                "dlq replay LETTER --resaon R | --resaon",
                "dlq list --limit=many | many",
                "status --output=yaml | yaml",
                "decommission execute $both | both",
                "nothing | there is no such command",
                "backfill begin | begin",
                "backfill run --shadow.backfill.raeders=3 | raeders",
                "verify run --mood=hourly | --mood"
            })
    void wouldNoticeACommandThatIsWrong(String typed, String problem) {
        List<String> problems = problems(expanded(typed, Map.of()));

        if (problem == null) {
            assertThat(problems).as("only left out what was named before").isEmpty();
        } else {
            assertThat(problems).anyMatch(each -> each.contains(problem));
        }
    }

    /** As the shell has them at that place of the page. */
    private static Map<String, String> variables(String page, int before) {
        Map<String, String> variables = new HashMap<>();
        Matcher found = VARIABLE.matcher(page);
        while (found.find() && found.start() < before) {
            variables.put(found.group(1), expanded(found.group(2), variables));
        }
        return variables;
    }

    private static String expanded(String typed, Map<String, String> variables) {
        return Pattern.compile("\\$([a-z]+)")
                .matcher(typed.replaceAll("\\s+", " ").strip())
                .replaceAll(name -> Matcher.quoteReplacement(variables.getOrDefault(name.group(1), name.group())));
    }

    /** One for each of several words between bars. */
    private static List<String> alternatives(String typed) {
        Matcher bars = Pattern.compile("[a-z]+(?:\\|[a-z]+)+").matcher(typed);
        if (!bars.find()) {
            return List.of(typed);
        }
        return Stream.of(bars.group().split("\\|"))
                .map(word -> typed.substring(0, bars.start()) + word + typed.substring(bars.end()))
                .toList();
    }

    /** None when it could be typed like that. */
    private static List<String> problems(String typed) {
        List<String> words = words(typed);
        if (MEASURING.contains(words.getFirst())) {
            return List.of();
        }
        boolean isAnsweredHere = words.getFirst().equals("verify")
                && words.size() > 1
                && List.of("show", "recheck").contains(words.get(1));
        List<String> options = PROGRAMS.get(words.getFirst());
        return options == null || isAnsweredHere ? ofThisProgram(words) : ofProgram(words, options);
    }

    private static List<String> words(String typed) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(typed);
        while (word.find()) {
            String plain = word.group().replace("\"", "");
            if (!plain.equals("…")) {
                words.add(example(plain.replaceAll("^\\[(.*)]$", "$1")));
            }
        }
        return words;
    }

    private static String example(String word) {
        int value = word.indexOf('=') + 1;
        String named = word.substring(value);
        return word.substring(0, value) + EXAMPLES.getOrDefault(named, named);
    }

    private static List<String> ofThisProgram(List<String> words) {
        CommandLine line = ShadowCommand.commandLine();
        if (!line.getSubcommands().containsKey(words.getFirst())) {
            return List.of("there is no such command");
        }
        collectErrors(line);
        return line.parseArgs(words.toArray(String[]::new)).asCommandLineList().stream()
                .flatMap(command -> command.getParseResult().errors().stream())
                .filter(error -> !(error instanceof MissingParameterException))
                .map(Throwable::getMessage)
                .distinct()
                .toList();
    }

    private static void collectErrors(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(PagesCommandsTest::collectErrors);
    }

    /** Settings are read by Spring, so their names are looked for where they are declared. */
    private static List<String> ofProgram(List<String> words, List<String> options) {
        List<String> problems = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            String name = word.split("=", 2)[0];
            if (name.startsWith("--shadow.")) {
                if (!isDeclared(name)) {
                    problems.add("nobody declares " + name);
                }
            } else if (name.startsWith("--") ? !options.contains(name) : !isWordOf(words.getFirst(), name)) {
                problems.add(words.getFirst() + " has no " + name);
            }
        }
        return problems;
    }

    private static boolean isWordOf(String program, String word) {
        return switch (program) {
            case "backfill" -> List.of("run", "status", "cleanup").contains(word);
            case "verify" -> word.equals("run");
            default -> false;
        };
    }

    private static boolean isDeclared(String setting) {
        String component = camelCase(setting.substring(setting.lastIndexOf('.') + 1));
        return Declarations.TEXT.matches("(?s).*\\b" + component + "\\b.*");
    }

    private static String camelCase(String name) {
        return Pattern.compile("-([a-z0-9])")
                .matcher(name)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    /** The records of settings of all programs. */
    private static final class Declarations {
        private static final String TEXT = read();

        private static String read() {
            try (Stream<Path> modules = Files.list(HOME)) {
                StringBuilder text = new StringBuilder();
                for (Path sources : modules.map(module -> module.resolve("src/main/java"))
                        .filter(Files::isDirectory)
                        .toList()) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        for (Path file : files.filter(each -> each.toString().matches(".*(Properties|Settings)\\.java"))
                                .toList()) {
                            text.append(Files.readString(file));
                        }
                    }
                }
                return text.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
