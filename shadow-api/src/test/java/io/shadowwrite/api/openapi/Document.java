package io.shadowwrite.api.openapi;

import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RowStreamWriter;
import io.shadowwrite.protocol.ShadowApi;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Completes what the library finds out about the routes by what holds for all of them: tokens, problems, names in snake
 * case, which members may be null, LSNs as decimal strings; and spells it the same way every time. The library reads
 * another generation of annotations than our records carry, so those are read here.
 */
final class Document {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final List<String> ANY_ROUTE = List.of("400", "401", "500", "503", "default");

    private static final String LSN = "#/components/schemas/" + LogSequenceNumber.class.getSimpleName();

    private final ObjectNode root;
    private final Set<String> operatorRoutes;

    /** @param operatorRoutes method and path of those that only an operator may call */
    Document(String generated, Set<String> operatorRoutes) {
        this.root = (ObjectNode) MAPPER.readTree(generated);
        this.operatorRoutes = operatorRoutes;
    }

    /** The finished text, ending with a line feed. */
    String complete(String leftOver) {
        spellLsns(root);
        root.remove("servers");
        root.putObject("info")
                .put("title", "shadow-api")
                .put("version", "1")
                .put("description", "The one writer of the target. What each problem means: docs/runbook.md.");
        ObjectNode paths = object(root, "paths");
        paths.remove(leftOver);
        paths.properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation ->
                                complete(path.getKey(), operation.getKey(), (ObjectNode) operation.getValue())));
        completeComponents(root.withObject("/components"));
        return print();
    }

    /** Wherever one stands, within a record or as a parameter. */
    private static void spellLsns(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("$ref").asString("").equals(LSN)) {
            object.removeAll().put("type", "string").put("pattern", "^[0-9]{1,20}$");
        }
        node.forEach(Document::spellLsns);
    }

    private static ObjectNode object(ObjectNode parent, String name) {
        return (ObjectNode) parent.required(name);
    }

    private void complete(String path, String method, ObjectNode operation) {
        String route = method.toUpperCase(Locale.ROOT) + " " + path;
        boolean forOperators = operatorRoutes.contains(route);
        operation.put("operationId", operationId(method, path));
        operation.putArray("tags").add(path.split("/", -1)[2]);
        ArrayNode security = operation.putArray("security");
        security.addObject().putArray("operator");
        if (!forOperators) {
            security.addObject().putArray("service");
        }
        ObjectNode responses = object(operation, "responses");
        describeStream((ObjectNode) responses.path("200"));
        responses.properties().forEach(response -> nameMediaType((ObjectNode) response.getValue()));
        ANY_ROUTE.forEach(status -> refer(responses, status));
        if (forOperators) {
            refer(responses, "403");
        }
    }

    /** A route that writes its answer by hand writes a stream, and the library sees nothing of it. */
    private static void describeStream(ObjectNode answer) {
        if (!answer.has("content")) {
            answer.putObject("content")
                    .putObject(RowStreamWriter.MEDIA_TYPE)
                    .putObject("schema")
                    .put("type", "string");
        }
    }

    private static void refer(ObjectNode responses, String status) {
        responses.putObject(status).put("$ref", "#/components/responses/Problem");
    }

    private static void nameMediaType(ObjectNode response) {
        if (response.get("content") instanceof ObjectNode content && content.has("*/*")) {
            content.set("application/json", content.remove("*/*"));
        }
    }

    private static String operationId(String method, String path) {
        StringBuilder id = new StringBuilder(method);
        for (String word : path.substring("/shadow/".length()).split("[^A-Za-z]+", -1)) {
            if (!word.isEmpty()) {
                id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return id.toString();
    }

    private static void completeComponents(ObjectNode components) {
        ObjectNode schemas = components.withObject("/schemas");
        schemas.remove(LogSequenceNumber.class.getSimpleName());
        schemas.properties().forEach(schema -> completeSchema(schema.getKey(), (ObjectNode) schema.getValue()));
        schemas.set("ProblemDocument", problem());
        components
                .withObject("/responses/Problem")
                .put("description", "What went wrong; decide by its code")
                .putObject("content")
                .putObject(ProblemDocument.MEDIA_TYPE)
                .putObject("schema")
                .put("$ref", "#/components/schemas/ProblemDocument");
        bearer(components, "service", "The token of RDS_CDC_SHADOW_TOKEN");
        bearer(components, "operator", "The token of RDS_CDC_SHADOW_OPERATOR_TOKEN, which opens every route");
    }

    private static void bearer(ObjectNode components, String name, String description) {
        components
                .withObject("/securitySchemes")
                .putObject(name)
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", description);
    }

    private static ObjectNode problem() {
        ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
        schema.putObject("additionalProperties").put("type", "string");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent member : ProblemDocument.class.getRecordComponents()) {
            if (member.getType() != Map.class) {
                properties.putObject(member.getName()).put("type", type(member.getType()));
                required.add(member.getName());
            }
        }
        ArrayNode codes = object(properties, "code").putArray("enum");
        Arrays.stream(ProblemType.values()).forEach(type -> codes.add(type.name()));
        return schema;
    }

    private static String type(Class<?> type) {
        if (type == int.class) {
            return "integer";
        }
        return type == boolean.class ? "boolean" : "string";
    }

    /** The reader of our wire takes no member for granted: all are required, and those declared so may be null. */
    private static void completeSchema(String name, ObjectNode schema) {
        Class<?> type = typeOf(name);
        if (type == null || !type.isRecord()) {
            return;
        }
        schema.put("type", "object");
        ObjectNode found = schema.withObject("/properties");
        ObjectNode properties = MAPPER.createObjectNode();
        ArrayNode required = schema.putArray("required");
        for (RecordComponent member : type.getRecordComponents()) {
            String spelled = snakeCase(member.getName());
            required.add(spelled);
            properties.set(spelled, completeMember(member, (ObjectNode) found.required(member.getName())));
        }
        schema.set("properties", properties);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** Null for what is not of our protocol, such as a stream. */
    private static @Nullable Class<?> typeOf(String name) {
        try {
            return Class.forName(ShadowApi.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException notOurs) {
            return null;
        }
    }

    private static ObjectNode completeMember(RecordComponent member, ObjectNode found) {
        AnnotatedType type = member.getAnnotatedType();
        if (type instanceof AnnotatedParameterizedType generic
                && found.get("additionalProperties") instanceof ObjectNode values
                && isNullable(generic.getAnnotatedActualTypeArguments()[1])) {
            values.putArray("type").add("string").add("null");
        }
        return isNullable(type) ? orNull(found) : found;
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static ObjectNode orNull(ObjectNode schema) {
        if (schema.has("$ref")) {
            ObjectNode either = MAPPER.createObjectNode();
            either.putArray("anyOf").add(schema).addObject().put("type", "null");
            return either;
        }
        String type = schema.required("type").asString();
        schema.putArray("type").add(type).add("null");
        if (schema.get("enum") instanceof ArrayNode constants) {
            constants.addNull();
        }
        return schema;
    }

    private String print() {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        return MAPPER.writer().with(printer).writeValueAsString(sorted(root)) + "\n";
    }

    /** Objects by key; the order within arrays is ours already. */
    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, Object> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return members;
        }
        return node.isArray() ? node.valueStream().map(Document::sorted).toList() : node;
    }
}
