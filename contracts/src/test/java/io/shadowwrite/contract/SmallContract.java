package io.shadowwrite.contract;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A small contract without fault that uses every part of the format, and the same with one thing changed. */
final class SmallContract {

    static final String TEXT = resource("/contracts/small.json");

    private SmallContract() {}

    static String resource(String path) {
        try (InputStream in = requireNonNull(SmallContract.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String with(String find, String replacement) {
        int at = TEXT.indexOf(find);
        if (at < 0 || TEXT.indexOf(find, at + 1) >= 0) {
            throw new IllegalArgumentException("not exactly once in the small contract: " + find);
        }
        return TEXT.replace(find, replacement);
    }

    static Contract read(String text) {
        return new ContractReader().read("small.json", text.getBytes(StandardCharsets.UTF_8));
    }

    static List<ContractProblem> problems(String text) {
        try {
            read(text);
            return List.of();
        } catch (InvalidContract e) {
            return e.problems();
        }
    }
}
