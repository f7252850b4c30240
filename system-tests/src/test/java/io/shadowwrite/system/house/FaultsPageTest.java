package io.shadowwrite.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.house.NamedTests.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults leaves no row out, names tests that exist, and says of every other row that nothing shows it. */
class FaultsPageTest {

    private static final Path PAGE = Checkout.HOME.resolve("docs/faults.md");
    private static final Path POM = Checkout.HOME.resolve("system-tests/pom.xml");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+)(\\*?) \\|([^|]+)\\|([^|]+)\\|([^|]+)\\|([^|]*)\\|$");
    private static final Pattern SCENARIO = Pattern.compile("(?m)^\\| ([A-Za-z][^|]+) \\|([^|]+)\\|([^|]*)\\|$");
    private static final String NONE = "not shown yet";
    private static final int ROWS = 37;

    /** Those that every change has to pass. */
    private static final List<Integer> GATE = Stream.concat(
                    IntStream.rangeClosed(1, 11).boxed(), Stream.of(16, 17, 18, 19, 24))
            .toList();

    private static final List<String> SCENARIOS = List.of(
            "snapshot-holder kill",
            "race-window finding",
            "persistence escalation",
            "insufficient replica identity",
            "COPY workload",
            "TRUNCATE to dead letter and halt",
            "slot conflict",
            "options drift",
            "contract drift",
            "permit expiry",
            "stale epoch",
            "halted drain",
            "replay after a newer version");

    private record Row(int number, boolean gate, String shown, String open) {}

    private static List<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> new Row(
                        Integer.parseInt(row.group(1)),
                        !row.group(2).isEmpty(),
                        row.group(5).strip(),
                        row.group(6).strip()))
                .toList();
    }

    @Test
    void leavesNoRowOut() throws IOException {
        assertThat(rows())
                .extracting(Row::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
        assertThat(rows()).filteredOn(Row::gate).extracting(Row::number).containsExactlyElementsOf(GATE);
    }

    @Test
    void namesTestsThatExistOrSaysThatThereIsNone() throws IOException {
        assertThat(NamedTests.in(Files.readString(PAGE))).isNotEmpty().allMatch(Named::exists);
        assertThat(rows()).allSatisfy(row -> assertShownOrOpen(row.shown(), row.open()));
    }

    @Test
    void leavesNoScenarioOut() throws IOException {
        String scenarios = Files.readString(PAGE).split("## Scenarios by name", 2)[1];
        List<String> names = SCENARIO.matcher(scenarios)
                .results()
                .filter(row -> !row.group(1).equals("scenario"))
                .peek(row ->
                        assertShownOrOpen(row.group(2).strip(), row.group(3).strip()))
                .map(row -> row.group(1))
                .toList();

        assertThat(names).containsExactlyElementsOf(SCENARIOS);
    }

    private static void assertShownOrOpen(String shown, String open) {
        if (shown.equals(NONE)) {
            assertThat(open).as("what is missing").isNotEmpty();
        } else {
            assertThat(shown.split(",\\s*"))
                    .allMatch(each -> NamedTests.in(each).size() == 1, "one test each");
        }
    }

    @Test
    void runsTheGateInTheDefaultSuite() throws IOException {
        Matcher excluded =
                Pattern.compile("<long\\.tests>%regex\\[(.+?)]</long\\.tests>").matcher(Files.readString(POM));
        assertThat(excluded.find()).isTrue();
        Pattern longTests = Pattern.compile(Objects.requireNonNull(excluded.group(1)));

        assertThat(rows())
                .filteredOn(Row::gate)
                .allSatisfy(row -> assertThat(NamedTests.in(row.shown()))
                        .anyMatch(test -> !longTests.matcher(test.type()).matches()));
    }
}
