package io.shadowwrite.system.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.system.removal.Sample.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that cuts the registration out changes everything or nothing. */
class StripTest {

    private static final List<String> MARKED = List.of(
            "pom.xml", "src/main/java/org/example/unified/UnifiedService.java", "src/main/resources/application.yml");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeEach
    void copy() {
        Sample.copyTo(directory);
    }

    @Test
    void cutsEveryBlockAndRemovesOurFolder() throws IOException {
        List<String> before = Files.readAllLines(directory.resolve(MARKED.getLast()));

        Answer answer = Sample.strip(directory);

        assertThat(answer.code()).as(answer.text()).isZero();
        assertThat(directory.resolve("shadow")).doesNotExist();
        for (String file : MARKED) {
            assertThat(Files.readString(directory.resolve(file))).doesNotContainIgnoringCase("shadow");
        }
        assertThat(Files.readAllLines(directory.resolve(MARKED.getLast())))
                .as("the rest of the file")
                .isEqualTo(before.subList(0, indexOf(before, Residue.BEGIN)));
        assertThat(Residue.in(directory)).isEmpty();
        assertThat(directory.resolve("target")).doesNotExist();
    }

    private static int indexOf(List<String> lines, String text) {
        return lines.stream()
                .filter(line -> line.contains(text))
                .map(lines::indexOf)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyLooksWhenAskedTo() throws IOException {
        Map<String, String> before = files();

        Answer answer = Sample.strip(directory, "--check");

        assertThat(answer.code()).as(answer.text()).isZero();
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void changesNothingWhenAMarkerIsMissing(int marked) throws IOException {
        refuses(marked, text -> text.replace(Residue.END, "the end"), "each has to stand exactly once");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void changesNothingWhenAMarkerStandsTwice(int marked) throws IOException {
        refuses(marked, text -> text.replace(Residue.BEGIN, Residue.BEGIN + " " + Residue.BEGIN), "stands 2 time(s)");
    }

    @Test
    void changesNothingWhenTheMarkersAreTheWrongWayRound() throws IOException {
        refuses(
                2,
                text -> text.replace(Residue.BEGIN, "x")
                        .replace(Residue.END, Residue.BEGIN)
                        .replace("# x", "# " + Residue.END),
                "on a line below");
    }

    @Test
    void changesNothingWhenBothMarkersAreGoneAndTheBlockIsNot() throws IOException {
        refuses(0, text -> text.replace(Residue.BEGIN, "").replace(Residue.END, ""), "has no markers");
    }

    @Test
    void changesNothingWhenSomethingOfOursStandsOutside() throws IOException {
        refuses(2, text -> "# io.shadowwrite\n" + text, "outside of them");
    }

    @Test
    void changesNothingWhenAMarkedFileIsNotThere() throws IOException {
        Files.delete(directory.resolve(MARKED.get(1)));
        Map<String, String> before = files();

        assertThat(Sample.strip(directory).code()).isEqualTo(ExitCode.INVALID.code());

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void goesOnWhereAKilledOneEndedAndDoesNothingAfterwards() throws IOException {
        Path again = Files.createTempDirectory("strip");
        Path script = Files.copy(directory.resolve("shadow/strip"), again.resolve("strip"));
        Path first = directory.resolve(MARKED.getFirst());
        String all = Files.readString(first);
        Sample.strip(directory);
        Map<String, String> stripped = files();
        // As if it had been killed before the first file was cut.
        Files.writeString(first, all);

        Answer second = Sample.run(directory, List.of("bash", script.toString(), directory.toString()));
        Answer third = Sample.run(directory, List.of("bash", script.toString(), directory.toString()));

        assertThat(second.code()).as(second.text()).isZero();
        assertThat(third.code()).as(third.text()).isZero();
        assertThat(third.text()).contains("was cut before");
        assertThat(files()).isEqualTo(stripped);
        Files.delete(script);
        Files.delete(again);
    }

    private void refuses(int marked, UnaryOperator<String> spoil, String why) throws IOException {
        Path file = directory.resolve(MARKED.get(marked));
        Files.writeString(file, spoil.apply(Files.readString(file)));
        Map<String, String> before = files();

        Answer answer = Sample.strip(directory);

        assertThat(answer.code()).as(answer.text()).isEqualTo(ExitCode.INVALID.code());
        assertThat(answer.text()).contains(MARKED.get(marked), why, "nothing was changed");
        assertThat(files()).isEqualTo(before);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
