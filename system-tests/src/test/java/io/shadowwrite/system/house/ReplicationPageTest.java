package io.shadowwrite.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of replication facts names tests as its proof; each of them exists. */
class ReplicationPageTest {

    private static final Path PAGE = Checkout.HOME.resolve("docs/replication.md");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))\\.(\\w+)`");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        List<String> named = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Matcher test = TEST.matcher(Files.readString(PAGE));
        while (test.find()) {
            named.add(test.group());
            if (!exists(test.group(1), test.group(2))) {
                missing.add(test.group());
            }
        }

        assertThat(named).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyFactNamesATest() throws IOException {
        List<String> facts = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fact |"))
                .toList();

        assertThat(facts)
                .hasSizeGreaterThan(30)
                .allSatisfy(fact -> assertThat(TEST.matcher(fact).find()).isTrue());
    }

    private static boolean exists(String type, String method) throws IOException {
        Pattern declaration = Pattern.compile("void\\s+" + method + "\\s*\\(");
        try (Stream<Path> modules = Files.list(Checkout.HOME)) {
            for (Path module : modules.filter(Files::isDirectory).toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests) && isDeclared(tests, type + ".java", declaration)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isDeclared(Path tests, String file, Pattern declaration) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path candidate : files.filter(each -> each.endsWith(file)).toList()) {
                if (declaration.matcher(Files.readString(candidate)).find()) {
                    return true;
                }
            }
        }
        return false;
    }
}
