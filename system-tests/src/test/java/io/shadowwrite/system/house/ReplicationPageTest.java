package io.shadowwrite.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.house.NamedTests.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of replication facts names tests as its proof; each of them exists. */
class ReplicationPageTest {

    private static final Path PAGE = Checkout.HOME.resolve("docs/replication.md");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        List<Named> named = NamedTests.in(Files.readString(PAGE));

        assertThat(named).hasSizeGreaterThan(50).allMatch(Named::exists);
    }

    @Test
    void everyFactNamesATest() throws IOException {
        List<String> facts = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fact |"))
                .toList();

        assertThat(facts)
                .hasSizeGreaterThan(30)
                .allSatisfy(fact -> assertThat(NamedTests.in(fact)).isNotEmpty());
    }
}
