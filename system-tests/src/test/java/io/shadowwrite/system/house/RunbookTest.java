package io.shadowwrite.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program names, the runbook explains; and what a page points to, exists. */
class RunbookTest {

    private static final Path RUNBOOK = Checkout.HOME.resolve("docs/runbook.md");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$");

    @Test
    void explainsEveryProblemOfTheApi() throws IOException {
        Set<String> anchors = anchors(RUNBOOK);

        assertThat(Arrays.stream(ProblemType.values())
                        .map(type -> type.runbookAnchor().replace("docs/runbook.md#", "")))
                .allSatisfy(anchor -> assertThat(anchors).contains(anchor));
    }

    @Test
    void explainsEveryProblemOfTheSource() throws IOException {
        assertThat(anchors(RUNBOOK)).containsAll(lowerCase(StreamProblem.Code.values()));
    }

    @Test
    void explainsEveryVerdict() throws IOException {
        assertThat(anchors(RUNBOOK)).containsAll(lowerCase(FindingClass.values()));
    }

    @Test
    void saysSomethingUnderEveryHeading() throws IOException {
        List<String> empty = new ArrayList<>();
        String before = "";
        for (String line : proseOf(RUNBOOK)) {
            if (line.isBlank()) {
                continue;
            }
            // A chapter may begin with its first section; a section must not be followed by the next at once.
            if (line.startsWith("#") && before.startsWith("### ")) {
                empty.add(before);
            }
            before = line;
        }

        assertThat(empty).isEmpty();
    }

    @Test
    void everyLinkOfThePagesLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : proseOf(page)) {
                Matcher link = LINK.matcher(line);
                while (link.find()) {
                    if (!leadsSomewhere(page, link.group(1))) {
                        broken.add(Checkout.HOME.relativize(page) + ": " + link.group(1));
                    }
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        if (link.startsWith("http://") || link.startsWith("https://") || link.startsWith("mailto:")) {
            return true;
        }
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> roots = Files.list(Checkout.HOME)) {
            roots.filter(RunbookTest::isPage).forEach(pages::add);
        }
        try (Stream<Path> docs = Files.walk(Checkout.HOME.resolve("docs"))) {
            docs.filter(RunbookTest::isPage).forEach(pages::add);
        }
        return pages;
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    /** Headings as the forges spell their anchors. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        for (String line : proseOf(page)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                anchors.add(heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** The lines of a page outside of its code blocks. */
    private static List<String> proseOf(Path page) throws IOException {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            if (line.stripLeading().startsWith("```")) {
                code = !code;
            } else if (!code) {
                prose.add(line);
            }
        }
        return prose;
    }

    private static Set<String> lowerCase(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
