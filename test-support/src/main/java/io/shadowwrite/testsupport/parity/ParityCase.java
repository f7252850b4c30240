package io.shadowwrite.testsupport.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One file of a folder of cases: SQL for the source, the messages of wal2json that it causes, and the writes that the
 * contract makes of them. Immutable.
 *
 * @param file where it is kept; its name is a sentence with hyphens
 * @param about what a reader would wonder about; empty when the name says it all
 * @param before statements that come first, each by itself, and whose messages do not matter
 * @param partitions the root table of each partition that the messages name
 * @param transactions what is recorded
 */
public record ParityCase(
        Path file, String about, List<String> before, Map<String, String> partitions, List<ParityStep> transactions) {

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    public ParityCase {
        before = List.copyOf(before);
        partitions = Map.copyOf(partitions);
        transactions = List.copyOf(transactions);
    }

    /** Every case below a folder, by path. */
    public static List<ParityCase> all(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !folder.equals(file.getParent()))
                    .sorted()
                    .map(ParityCase::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads one file.
     *
     * @throws IllegalArgumentException when it has a member that no case has, or lacks one
     */
    public static ParityCase read(Path file) {
        try {
            String text = Files.readString(file);
            return read(file, MAPPER.readTree(text), RawMessages.in(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ParityCase read(Path file, JsonNode root, List<List<String>> messages) {
        requireMembers(file, root, Set.of("about", "before", "partitions", "transactions"));
        Map<String, String> partitions = new LinkedHashMap<>();
        root.path("partitions")
                .properties()
                .forEach(
                        entry -> partitions.put(entry.getKey(), entry.getValue().asString()));
        List<ParityStep> steps = new ArrayList<>();
        int recorded = 0;
        for (JsonNode step : root.path("transactions")) {
            requireMembers(file, step, Set.of("sql", "wal2json", "writes", "problems"));
            JsonNode writes = step.get("writes");
            steps.add(new ParityStep(
                    texts(step.path("sql")),
                    step.has("wal2json") ? messages.get(recorded++) : List.of(),
                    writes == null ? null : writes.toPrettyString(),
                    texts(step.path("problems"))));
        }
        return new ParityCase(file, root.path("about").asString(""), texts(root.path("before")), partitions, steps);
    }

    private static void requireMembers(Path file, JsonNode node, Set<String> known) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("%s: no case has a member '%s'".formatted(file, name));
            }
        }
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** The same case with other recorded transactions. */
    public ParityCase with(Map<String, String> otherPartitions, List<ParityStep> steps) {
        return new ParityCase(file, about, before, otherPartitions, steps);
    }

    /** The sentence: folder and name without hyphens. */
    public String sentence() {
        Path folder = file.getParent();
        String name = file.getFileName().toString().replaceFirst("\\.json$", "").replace('-', ' ');
        return (folder == null ? "" : folder.getFileName() + ": ") + name;
    }

    /** Keeps the file as {@link #text()}. */
    public void save() {
        try {
            Files.writeString(file, text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's content as it is kept; messages stay byte for byte what they are, one on a line. */
    public String text() {
        StringBuilder text = new StringBuilder("{\n");
        if (!about.isEmpty()) {
            text.append("  \"about\": ").append(quoted(about)).append(",\n");
        }
        if (!before.isEmpty()) {
            text.append("  \"before\": ").append(array(before, "  ")).append(",\n");
        }
        if (!partitions.isEmpty()) {
            List<String> members = partitions.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
                    .toList();
            text.append("  \"partitions\": {")
                    .append(String.join(", ", members))
                    .append("},\n");
        }
        List<String> steps = transactions.stream().map(ParityCase::text).toList();
        return text.append("  \"transactions\": [\n")
                .append(String.join(",\n", steps))
                .append("\n  ]\n}\n")
                .toString();
    }

    private static String text(ParityStep step) {
        List<String> members = new ArrayList<>();
        members.add("\"sql\": " + array(step.sql(), "      "));
        if (!step.messages().isEmpty()) {
            members.add("\"wal2json\": [\n        " + String.join(",\n        ", step.messages()) + "\n      ]");
        }
        @Nullable String writes = step.writes();
        if (writes != null) {
            members.add(
                    "\"writes\": " + MAPPER.readTree(writes).toPrettyString().replaceAll("\\R", "\n      "));
        }
        if (!step.problems().isEmpty()) {
            members.add("\"problems\": " + array(step.problems(), "      "));
        }
        return "    {\n      " + String.join(",\n      ", members) + "\n    }";
    }

    private static String array(List<String> texts, String indent) {
        String separator = ",\n" + indent + "  ";
        return "[\n" + indent + "  "
                + String.join(separator, texts.stream().map(ParityCase::quoted).toList()) + "\n" + indent + "]";
    }

    private static String quoted(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** The sentence, which names the case in reports. */
    @Override
    public String toString() {
        return sentence();
    }
}
