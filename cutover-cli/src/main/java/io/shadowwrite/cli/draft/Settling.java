package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ContractProblem;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the reader of contracts, takes out what it refuses, the smallest part that will do, and asks again. */
final class Settling {

    /** A refusal takes out at least one column; no database has more. */
    private static final int MOST_REFUSALS = 100_000;

    private final ObjectNode root;
    private final ObjectNode models;
    private final ObjectNode sources;
    private final List<Todo> todos = new ArrayList<>();

    Settling(ObjectNode root) {
        this.root = root;
        this.models = (ObjectNode) root.path("models");
        this.sources = (ObjectNode) root.path("sources");
    }

    /** What was taken out and why. */
    List<Todo> settle() {
        for (int refusals = 0; refusals < MOST_REFUSALS && !models.isEmpty(); refusals++) {
            Optional<ContractProblem> problem = problem();
            if (problem.isEmpty()) {
                return todos;
            }
            remove(problem.get());
        }
        return todos;
    }

    private Optional<ContractProblem> problem() {
        try {
            new ContractReader().read("draft", root.toString().getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (InvalidContract refused) {
            return Optional.of(refused.problems().getFirst());
        }
    }

    private void remove(ContractProblem problem) {
        List<String> steps = Arrays.stream(problem.pointer().split("/", -1))
                .skip(1)
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
        if (steps.size() < 2) {
            throw new DraftRefused("no contract can be drafted", List.of(problem.toString()));
        }
        String decide = "%s was left out, because %s".formatted(problem.pointer(), problem.message());
        String name = steps.get(1);
        if (steps.getFirst().equals("models")) {
            removeOfModel(name, steps, decide);
        } else if (steps.size() > 3 && steps.get(2).equals("writes")) {
            String model = sources.path(name)
                    .path("writes")
                    .path(Integer.parseInt(steps.get(3)))
                    .path("model")
                    .asString();
            if (steps.size() > 5 && steps.get(4).equals("set")) {
                todos.add(new Todo(problem.pointer(), decide));
                removeColumn(model, steps.get(5));
            } else {
                removeModel(model, decide);
            }
        } else {
            todos.add(Todo.at(decide, "sources", name));
            sources.path(name)
                    .path("writes")
                    .forEach(write -> models.remove(write.path("model").asString()));
            unmap(name);
        }
    }

    private void removeOfModel(String name, List<String> steps, String decide) {
        boolean ofColumn = steps.size() > 3 && steps.get(2).equals("columns");
        boolean ofKey = ofColumn
                && models.path(name)
                        .path("key")
                        .valueStream()
                        .anyMatch(key -> key.asString().equals(steps.get(3)));
        if (ofColumn && !ofKey) {
            todos.add(Todo.at(decide, "models", name, "columns"));
            removeColumn(name, steps.get(3));
        } else {
            removeModel(name, decide);
        }
    }

    private void removeColumn(String model, String column) {
        ((ObjectNode) models.path(model).path("columns")).remove(column);
        writesTo(model).forEach(write -> ((ObjectNode) write.path("set")).remove(column));
    }

    private void removeModel(String model, String decide) {
        models.remove(model);
        for (Map.Entry<String, JsonNode> source : List.copyOf(sources.properties())) {
            if (source.getValue().path("writes") instanceof ArrayNode writes) {
                int before = writes.size();
                writes.removeIf(write -> write.path("model").asString().equals(model));
                if (writes.size() < before) {
                    todos.add(Todo.at(decide, "sources", source.getKey()));
                }
                if (writes.isEmpty()) {
                    unmap(source.getKey());
                }
            }
        }
    }

    private List<JsonNode> writesTo(String model) {
        return sources.valueStream()
                .flatMap(source -> source.path("writes").valueStream())
                .filter(write -> write.path("model").asString().equals(model))
                .toList();
    }

    private void unmap(String source) {
        sources.set(source, root.objectNode().put("unmapped", "TODO: what was drafted for it was refused"));
    }
}
