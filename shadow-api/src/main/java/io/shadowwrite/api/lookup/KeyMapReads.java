package io.shadowwrite.api.lookup;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.read.LastEvents;
import io.shadowwrite.api.read.LastEvents.Origin;
import io.shadowwrite.api.read.Snapshot;
import io.shadowwrite.api.read.Snapshots;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatch;
import io.shadowwrite.protocol.KeyMapMatches;
import io.shadowwrite.protocol.KeyMapping;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.SourceRowKey;
import io.shadowwrite.protocol.TargetRowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Looks up {@code shadow.pk_map} by either of its two indexes, and the ledger once for all of it. Thread-safe. */
final class KeyMapReads {

    static final int MOST_KEYS = 5_000;

    /** LATERAL … OFFSET 0 keeps it one probe of the index per key, whatever the statistics say. */
    static final String BY_SOURCE = """
            select k.ord, k.source_table, k.source_key, d.name, m.target_key, m.state, m.changed_lsn
              from unnest(?::text[], ?::text[]) with ordinality as k(source_table, source_key, ord)
              join provenance.source_table t on t.name = k.source_table
             cross join lateral (select *
                                   from shadow.pk_map m
                                  where m.source_table = t.id
                                    and m.source_key = k.source_key
                                 offset 0) m
              join provenance.target_model d on d.id = m.target_model
             order by k.ord, d.name
            """;

    static final String BY_TARGET = """
            select k.ord, t.name, m.source_key, k.model, m.target_key, m.state, m.changed_lsn
              from unnest(?::text[], ?::text[]) with ordinality as k(model, target_key, ord)
              join provenance.target_model d on d.name = k.model
             cross join lateral (select *
                                   from shadow.pk_map m
                                  where m.target_model = d.id
                                    and m.target_key = k.target_key
                                 offset 0) m
              join provenance.source_table t on t.id = m.source_table
             order by k.ord, t.name, m.source_key
            """;

    private final Contract contract;
    private final ReadDatabase database;
    private final Snapshots snapshots;
    private final LastEvents events;

    /** A mapping of the key with that number, from 1; its last event is not known yet. */
    private record Numbered(int number, KeyMapping mapping) {

        Origin origin() {
            return new Origin(mapping.sourceTable(), mapping.sourceKey());
        }
    }

    KeyMapReads(Contract contract, ReadDatabase database, Snapshots snapshots, LastEvents events) {
        this.contract = contract;
        this.database = database;
        this.snapshots = snapshots;
        this.events = events;
    }

    KeyMapMatches lookup(KeyMapLookup lookup) {
        check(lookup);
        return snapshots.byIndex(lookup.asOfLsn(), snapshot -> {
            LogSequenceNumber from = snapshot.eventsSince(lookup.asOfLsn(), lookup.sinceLsn());
            return new KeyMapMatches(
                    snapshot.position(), snapshot.writesBeside(), from, matches(lookup, from, snapshot));
        });
    }

    private void check(KeyMapLookup lookup) {
        int asked = lookup.sourceKeys().size() + lookup.targetKeys().size();
        if (lookup.sourceKeys().isEmpty() == lookup.targetKeys().isEmpty() || asked > MOST_KEYS) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "one of source_keys and target_keys has 1 to %d entries, the other none".formatted(MOST_KEYS));
        }
        Set<String> tables = contract.sources().keySet().stream()
                .map(QualifiedName::toString)
                .collect(Collectors.toSet());
        for (SourceRowKey key : lookup.sourceKeys()) {
            checkText(key.sourceKey());
            if (!tables.contains(key.sourceTable())) {
                throw new ShadowProblem(
                        ProblemType.MALFORMED_REQUEST,
                        "the contract of this API has no source table '%s'".formatted(key.sourceTable()));
            }
        }
        for (TargetRowKey key : lookup.targetKeys()) {
            checkText(key.targetKey());
            if (!contract.models().containsKey(key.model())) {
                throw new ShadowProblem(
                        ProblemType.MODEL_UNKNOWN, "the contract of this API has no model '%s'".formatted(key.model()));
            }
        }
    }

    private static void checkText(String key) {
        if (key.indexOf('\0') >= 0) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "a key holds no character U+0000");
        }
    }

    private List<KeyMapMatch> matches(KeyMapLookup lookup, LogSequenceNumber from, Snapshot snapshot) {
        List<Numbered> mapped =
                lookup.sourceKeys().isEmpty() ? byTarget(lookup.targetKeys()) : bySource(lookup.sourceKeys());
        List<Origin> asked = lookup.sourceKeys().stream()
                .map(key -> new Origin(key.sourceTable(), key.sourceKey()))
                .toList();
        Set<Origin> origins = new HashSet<>(asked);
        mapped.forEach(one -> origins.add(one.origin()));
        Map<Origin, LogSequenceNumber> last = events.of(origins, from, snapshot);

        List<KeyMapMatch> matches = new ArrayList<>();
        // A source row may have events without ever having been mapped.
        asked.forEach(origin -> matches.add(new KeyMapMatch(new ArrayList<>(), last.get(origin))));
        lookup.targetKeys().forEach(_ -> matches.add(new KeyMapMatch(new ArrayList<>(), null)));
        mapped.forEach(one -> {
            LogSequenceNumber lsn = LastEvents.later(last.get(one.origin()), changed(one.mapping(), from));
            matches.set(one.number() - 1, with(matches.get(one.number() - 1), one.mapping(), lsn));
        });
        return matches;
    }

    /** The receipt of a change of the key is that of the new key; that the old one ended, only its mapping says. */
    private static @Nullable LogSequenceNumber changed(KeyMapping mapping, LogSequenceNumber from) {
        return mapping.changedLsn().compareTo(from) < 0 ? null : mapping.changedLsn();
    }

    private static KeyMapMatch with(KeyMapMatch match, KeyMapping mapping, @Nullable LogSequenceNumber lsn) {
        match.mappings().add(mapping.touchedAt(lsn));
        return new KeyMapMatch(match.mappings(), LastEvents.later(match.lastEventLsn(), lsn));
    }

    private List<Numbered> bySource(List<SourceRowKey> keys) {
        return read(database.jdbc()
                .sql(BY_SOURCE)
                .params(
                        SqlArrays.text(
                                keys.stream().map(SourceRowKey::sourceTable).toList()),
                        SqlArrays.text(
                                keys.stream().map(SourceRowKey::sourceKey).toList())));
    }

    private List<Numbered> byTarget(List<TargetRowKey> keys) {
        SqlArrayValue models =
                SqlArrays.text(keys.stream().map(TargetRowKey::model).toList());
        return read(database.jdbc()
                .sql(BY_TARGET)
                .params(
                        models,
                        SqlArrays.text(
                                keys.stream().map(TargetRowKey::targetKey).toList())));
    }

    private static List<Numbered> read(JdbcClient.StatementSpec statement) {
        return statement
                .query((row, _) -> new Numbered(row.getInt(1), mapping(row)))
                .list();
    }

    private static KeyMapping mapping(ResultSet row) throws SQLException {
        return new KeyMapping(
                text(row, 2),
                text(row, 3),
                text(row, 4),
                text(row, 5),
                text(row, 6).equals("current"),
                LogSequenceNumber.valueOf(text(row, 7)),
                null);
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(row.getString(column));
    }
}
