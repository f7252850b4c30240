package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A value of the file and the pointer to it. Asked for a shape that it has not, it reports the problem once and gives an
 * empty value, so that the reading goes on. A missing value, which its parent has reported, gives empty values silently.
 */
record JsonTree(JsonNode node, String pointer, Problems problems) {

    void problem(String message) {
        problems.add(pointer, message);
    }

    boolean isMissing() {
        return node.isMissingNode();
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** The string, or an empty one when it is no string. */
    String text() {
        if (node.isString()) {
            return node.stringValue();
        }
        refuse("a string");
        return "";
    }

    /** The elements of an array. */
    List<JsonTree> items() {
        List<JsonTree> items = new ArrayList<>();
        if (node.isArray()) {
            for (JsonNode item : node) {
                items.add(new JsonTree(item, pointer + "/" + items.size(), problems));
            }
        } else {
            refuse("an array");
        }
        return items;
    }

    /** The members of an object whose names are free, in file order. */
    Map<String, JsonTree> entries() {
        Map<String, JsonTree> entries = new LinkedHashMap<>();
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                entries.put(member.getKey(), child(member.getKey(), member.getValue()));
            }
        } else {
            refuse("an object");
        }
        return entries;
    }

    /** Checks that this is an object with all the required members and no others than the required and optional ones. */
    void members(List<String> required, List<String> optional) {
        List<String> known = new ArrayList<>(required);
        known.addAll(optional);
        entries().forEach((name, member) -> {
            if (!known.contains(name)) {
                member.problem("unknown key '%s'%s".formatted(name, Suggestion.of(name, known)));
            }
        });
        if (node.isObject()) {
            required.stream()
                    .filter(name -> !node.has(name))
                    .forEach(name -> problem("'%s' is missing".formatted(name)));
        }
    }

    /** The one of these names that the object has, which says what it is; null, reported, when there is none. */
    @Nullable String discriminator(String what, List<String> names) {
        for (String name : names) {
            if (node.has(name)) {
                return name;
            }
        }
        String only = node.size() == 1 && node.isObject()
                ? node.propertyNames().iterator().next()
                : "";
        if (!node.isObject()) {
            refuse("an object");
        } else {
            problem("not %s: it needs one of the keys %s%s"
                    .formatted(what, String.join(", ", names), only.isEmpty() ? "" : Suggestion.of(only, names)));
        }
        return null;
    }

    /** A member; a missing one is the caller's to have reported. */
    JsonTree get(String name) {
        return child(name, node.isObject() && node.has(name) ? node.get(name) : MissingNode.getInstance());
    }

    void refuse(String wanted) {
        if (!isMissing()) {
            problem("must be %s, not %s".formatted(wanted, found()));
        }
    }

    private JsonTree child(String name, JsonNode value) {
        return new JsonTree(value, new JsonPointer(pointer).then(name).text(), problems);
    }

    private String found() {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
