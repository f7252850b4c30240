package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SqlArrayValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Keys as a caller spells them, taken apart into one array parameter per key column.
 *
 * @param columns by key column in the order of the model's queries: the text of each key
 */
record Keys(List<List<String>> columns) {

    /**
     * Takes canonical key JSON apart; the value of a key of one column may also stand alone.
     *
     * @throws ShadowProblem MALFORMED_REQUEST
     */
    static Keys parse(ReadModel model, List<String> keys) {
        List<List<String>> columns = new ArrayList<>();
        model.sql().key().forEach(_ -> columns.add(new ArrayList<>(keys.size())));
        for (String key : keys) {
            add(model, key, columns);
        }
        return new Keys(columns);
    }

    private static void add(ReadModel model, String key, List<List<String>> columns) {
        if (columns.size() == 1 && !key.startsWith("{")) {
            columns.getFirst().add(key);
            return;
        }
        JsonNode json = json(model, key);
        List<String> names = model.sql().key();
        Set<String> there = new HashSet<>(json.propertyNames());
        if (!json.isObject() || there.size() != names.size() || !there.containsAll(names)) {
            throw malformed(model, null);
        }
        for (int i = 0; i < names.size(); i++) {
            JsonNode value = json.get(names.get(i));
            if (!value.isString() && !value.isIntegralNumber()) {
                throw malformed(model, null);
            }
            columns.get(i).add(value.asString());
        }
    }

    private static JsonNode json(ReadModel model, String key) {
        try {
            return WireJson.mapper().readTree(key);
        } catch (JacksonException e) {
            throw malformed(model, e);
        }
    }

    /**
     * Asks the server whether every text is a value of its column's type.
     *
     * @throws ShadowProblem MALFORMED_REQUEST
     */
    void check(ReadModel model, ReadDatabase database) {
        try {
            database.jdbc().sql(model.sql().checkKeys()).params(arrays()).query(row -> {});
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            throw sql != null && sql.sqlState().startsWith("22") ? malformed(model, e) : e;
        }
    }

    private static ShadowProblem malformed(ReadModel model, @Nullable Throwable cause) {
        return new ShadowProblem(
                ProblemType.MALFORMED_REQUEST,
                "a key of model %s is the canonical JSON of exactly %s, each of its column's type"
                        .formatted(model.name(), model.model().key()),
                cause);
    }

    /** One array parameter per key column. */
    List<SqlArrayValue> arrays() {
        return columns.stream().map(SqlArrays::text).toList();
    }

    /** The only key, text by text. */
    List<String> only() {
        return columns.stream()
                .map(column -> Objects.requireNonNull(column.getFirst()))
                .toList();
    }
}
