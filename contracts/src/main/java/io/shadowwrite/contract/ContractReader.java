package io.shadowwrite.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a contract file strictly: unknown and duplicate keys, wrong JSON types and names that lead nowhere are problems,
 * and all of them are told at once. Stateless and safe for any thread.
 */
public final class ContractReader {

    private static final int VERSION = 1;

    /**
     * Reads and checks a whole file.
     *
     * @throws InvalidContract with every problem of the file
     */
    public Contract read(Path file) {
        try {
            return read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            String message = "the file cannot be read (%s); check its path and permissions"
                    .formatted(e.getClass().getSimpleName());
            throw new InvalidContract(file.toString(), List.of(new ContractProblem("", message)));
        }
    }

    /**
     * Reads and checks the bytes of a file.
     *
     * @param location where they come from, for the message
     * @throws InvalidContract with every problem of the file
     */
    public Contract read(String location, byte[] bytes) {
        Problems problems = new Problems();
        JsonTree root = ContractJson.read(bytes, problems);
        Contract contract = root == null ? null : contract(root, sha256(bytes));
        List<ContractProblem> found = problems.found();
        if (contract == null || !found.isEmpty()) {
            throw new InvalidContract(location, found);
        }
        return contract;
    }

    private static @Nullable Contract contract(JsonTree root, String sha256) {
        root.members(List.of("version", "name", "models", "sources"), List.of("$schema"));
        if (!root.node().isObject()) {
            return null;
        }
        checkHead(root);
        Set<String> declared = root.get("models").node().isObject()
                ? new LinkedHashSet<>(root.get("models").node().propertyNames())
                : Set.of();
        Map<String, TargetModel> models = ModelReader.read(root.get("models"));
        Map<QualifiedName, SourceTable> sources = new SourceReader(models, declared).read(root.get("sources"));
        reportUnwritten(root.get("models"), models, root.get("sources"));
        Map<String, TargetModel> ordered = ModelOrder.parentsFirst(models, sources.values());
        return new Contract(root.get("name").text(), sha256, sources, ordered);
    }

    private static void checkHead(JsonTree root) {
        JsonTree version = root.get("version");
        if (!version.isMissing() && !(version.node().isInt() && version.node().intValue() == VERSION)) {
            version.problem("this program reads version %d only".formatted(VERSION));
        }
        if (root.get("name").node().isString()) {
            Names.check(root.get("name"), "contract", root.get("name").text());
        }
        if (root.has("$schema")) {
            root.get("$schema").text();
        }
    }

    /** Looks at the names in the file and not at what could be read, so that a broken write hides no model. */
    private static void reportUnwritten(JsonTree tree, Map<String, TargetModel> models, JsonTree sources) {
        Map<String, TargetModel> unwritten = new LinkedHashMap<>(models);
        if (sources.node().isObject()) {
            sources.node()
                    .forEach(source -> source.path("writes")
                            .forEach(write ->
                                    unwritten.remove(write.path("model").asString(""))));
        }
        unwritten
                .keySet()
                .forEach(
                        name -> tree.get(name).problem("no source table writes this model; remove it, or add a write"));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
