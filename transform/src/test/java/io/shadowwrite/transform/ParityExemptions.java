package io.shadowwrite.transform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cells that have no case, each with the reason why none is needed or possible. */
final class ParityExemptions {

    private ParityExemptions() {}

    /** Reads a list of {@code {"reason": "…", "cells": ["…"]}}; answers the reasons by cell. */
    static Map<String, String> read(Path file) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (JsonNode group : tree(file)) {
            String reason = group.path("reason").asString("");
            if (reason.isBlank() || group.path("cells").isEmpty() || group.size() != 2) {
                throw new IllegalArgumentException("an exemption has a reason and cells, nothing else: " + group);
            }
            for (JsonNode cell : group.path("cells")) {
                if (reasons.put(cell.asString(), reason) != null) {
                    throw new IllegalArgumentException("exempted twice: " + cell.asString());
                }
            }
        }
        return reasons;
    }

    private static JsonNode tree(Path file) {
        try {
            return JsonMapper.builder().build().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
