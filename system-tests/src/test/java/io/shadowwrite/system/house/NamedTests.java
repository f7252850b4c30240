package io.shadowwrite.system.house;

import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests that a page names as {@code Class.method}. */
final class NamedTests {

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))\\.(\\w+)`");

    private NamedTests() {}

    /** One of them. */
    record Named(String type, String method) {

        /** Whether a class of that name, in whichever module, has such a method. */
        boolean exists() {
            Pattern declaration = Pattern.compile("void\\s+" + method + "\\s*\\(");
            return Checkout.modules().stream()
                    .map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .anyMatch(tests -> isDeclared(tests, declaration));
        }

        private boolean isDeclared(Path tests, Pattern declaration) {
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path candidate :
                        files.filter(each -> each.endsWith(type + ".java")).toList()) {
                    if (declaration.matcher(Files.readString(candidate)).find()) {
                        return true;
                    }
                }
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** In the order in which they are named. */
    static List<Named> in(String text) {
        return TEST.matcher(text)
                .results()
                .map(found -> new Named(found.group(1), found.group(2)))
                .toList();
    }
}
