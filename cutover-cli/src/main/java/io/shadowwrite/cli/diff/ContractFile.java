package io.shadowwrite.cli.diff;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A contract, and how its file words it.
 *
 * @param contract what it means
 * @param words what it says
 */
public record ContractFile(Contract contract, JsonNode words) {

    /**
     * Reads it.
     *
     * @throws io.shadowwrite.contract.InvalidContract with every problem of the file
     */
    public static ContractFile read(Path file) throws IOException {
        // First, because it tells what is wrong.
        Contract contract = new ContractReader().read(file);
        return new ContractFile(contract, JsonMapper.shared().readTree(Files.readAllBytes(file)));
    }

    /** What stands at a place; null when nothing does. */
    @Nullable String text(String pointer) {
        JsonNode there = words.at(pointer);
        return there.isMissingNode() ? null : there.toString();
    }
}
