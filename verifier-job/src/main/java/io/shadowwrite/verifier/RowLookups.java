package io.shadowwrite.verifier;

import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TargetRow;
import io.shadowwrite.verification.scan.LongValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows by key through the look-up route, which takes only so many characters at a time and no key that its columns could not
 * hold: what it refuses is asked for in halves, and a single key that it refuses has no row.
 */
record RowLookups(ShadowApi api, ApiCalls calls, ReadKind kind, String model, int columns) {

    Map<String, List<@Nullable String>> of(List<String> keys) {
        Map<String, List<@Nullable String>> rows = new HashMap<>();
        add(keys, rows);
        return rows;
    }

    private void add(List<String> keys, Map<String, List<@Nullable String>> rows) {
        try {
            found(keys, rows);
        } catch (ShadowProblem e) {
            if (e.type() != ProblemType.MALFORMED_REQUEST) {
                throw e;
            }
            if (keys.size() > 1) {
                add(keys.subList(0, keys.size() / 2), rows);
                add(keys.subList(keys.size() / 2, keys.size()), rows);
            }
        }
    }

    private void found(List<String> keys, Map<String, List<@Nullable String>> rows) {
        FoundRows found =
                calls.patiently(() -> api.lookup(kind, model, new RowLookup(keys, calls.position(), calls.position())));
        calls.require(found.position(), found.writesBeside());
        for (TargetRow row : found.rows()) {
            if (row != null) {
                List<@Nullable String> values = new ArrayList<>(columns);
                row.values().values().forEach(value -> values.add(LongValue.shortened(value)));
                rows.put(row.key(), values);
            }
        }
    }
}
